"""What the report of a Python program says, in Chinese and French."""

ZH = {
    "Python program": "Python 程序",
    "One readable file on LangGraph and LangChain that runs without Flowloom.": (
        "一个基于 LangGraph 和 LangChain 的可读文件，无需 Flowloom 即可运行。"
    ),
    "Ask once, before or after the list.": "请在列表之前或之后只问一次。",
    "Charts are not drawn.": "不会绘制图表。",
    "Documents are searched by words only, not by meaning.": "文档只按词搜索，不按含义搜索。",
    "Files are saved in the folder “saved” beside the program.": "文件保存在程序旁边的“saved”文件夹中。",
    "Files below an answer are not shown.": "回答下方的文件不会显示。",
    "Install the packages named at the head of the program.": "请安装程序开头列出的软件包。",
    "It stops after 10,000 steps.": "它在 10,000 步之后停止。",
    "It stops here. Write this function yourself.": "它在这里停止。请自己编写这个函数。",
    "Its answers are not changed by that.": "它的回答不受影响。",
    "Its error messages are in English.": "它的错误信息是英文的。",
    "Its models don’t read your custom instructions.": "它的模型不会读取你的自定义说明。",
    "Look for them there.": "请在那里查找。",
    "You notice it in the passages that are found.": "从找到的段落中会注意到。",
    "You notice it the first time: Flowloom asks before anything leaves.": (
        "第一次使用时会注意到：Flowloom 在发送任何内容之前都会询问。"
    ),
    "You notice it when a question uses other words than the document: other passages are found.": (
        "当问题的用词与文档不同时会注意到：找到的段落会不一样。"
    ),
    "You notice it when it takes longer than that.": "当用时超过这个限制时会注意到。",
    "You notice it where nobody answers in time.": "当没有人及时回答时会注意到。",
    "You notice it where the GPT hands out a file.": "当 GPT 给出文件时会注意到。",
    "You notice it where the GPT looks at a picture or listens.": "当 GPT 查看图片或聆听录音时会注意到。",
    "You notice it where the GPT shows a chart.": "当 GPT 显示图表时会注意到。",
    "Privacy protection is not kept.": "不保留隐私保护。",
    "Set MODEL_URL to the address of its server.": "请把 MODEL_URL 设为它的服务器地址。",
    "Set the key of your model in the environment, for example OPENAI_API_KEY.": (
        "请在环境变量中设置模型的密钥，例如 OPENAI_API_KEY。"
    ),
    "Tags and the minimum relevance are not kept.": "不保留标签和最低相关度。",
    "The model can’t use the tool “{name}”.": "模型无法使用工具“{name}”。",
    "The program can’t ask a person for each item of a list.": "程序无法针对列表中的每一项询问用户。",
    "The program can’t do what this block does.": "程序无法完成这个模块的工作。",
    "The program can’t listen or speak.": "程序无法聆听或说话。",
    "The program can’t look at pictures or make them.": "程序无法查看或生成图片。",
    "The program can’t read web pages.": "程序无法读取网页。",
    "The program can’t run code that a model writes.": "程序无法运行模型编写的代码。",
    "The program can’t search the web.": "程序无法搜索网络。",
    "The program can’t send emails.": "程序无法发送电子邮件。",
    "The program can’t use actions of OpenAPI services.": "程序无法使用 OpenAPI 服务的操作。",
    "The program doesn’t ask OpenAI’s moderation.": "程序不会调用 OpenAI 的内容审核。",
    "The program doesn’t keep what Flowloom keeps: runs, costs and limits of them.": (
        "程序不保留 Flowloom 保留的内容：运行记录、费用及其限制。"
    ),
    "The program doesn’t run code with pandas.": "程序不会运行使用 pandas 的代码。",
    "The program holds no key.": "程序中不含密钥。",
    "The program isn’t connected to MCP servers.": "程序没有连接到 MCP 服务器。",
    "The program isn’t connected to your databases.": "程序没有连接到你的数据库。",
    "The program may quote its documents and instructions at any length.": (
        "程序可能会以任意长度引用它的文档和说明。"
    ),
    "The program sends at once, without asking whether it may.": "程序会直接发送，不会先询问是否允许。",
    "The program stops here. Write this function yourself.": "程序在这里停止。请自己编写这个函数。",
    "The program takes no pictures and no recordings.": "程序不接收图片和录音。",
    "The program waits for an answer as long as it takes.": "程序会一直等待回答。",
    "The timeout is not kept.": "不保留超时设置。",
    "This part of another builder’s flow was never replaced.": "其他构建工具流程中的这一部分一直没有被替换。",
    "Those stay in Flowloom.": "它们留在 Flowloom 中。",
    "Use the package langchain-mcp-adapters to connect it.": "请用软件包 langchain-mcp-adapters 连接它。",
    "What Flowloom knows of you does not come along.": "Flowloom 所了解的关于你的信息不会带过去。",
    "What is known about the person is in the file about-you.json, for this program alone.": (
        "关于用户的信息保存在文件 about-you.json 中，只供这个程序使用。"
    ),
    "Write rules for a model instead.": "请改为给模型写规则。",
    "Write this function yourself.": "请自己编写这个函数。",
    "“{model}” is asked at the address in MODEL_URL, as OpenAI’s models are.": (
        "“{model}”会像 OpenAI 的模型一样，通过 MODEL_URL 中的地址调用。"
    ),
}
FR = {
    "Python program": "Programme Python",
    "One readable file on LangGraph and LangChain that runs without Flowloom.": (
        "Un fichier lisible, sur LangGraph et LangChain, qui fonctionne sans Flowloom."
    ),
    "Ask once, before or after the list.": "Posez la question une seule fois, avant ou après la liste.",
    "Charts are not drawn.": "Les graphiques ne sont pas dessinés.",
    "Documents are searched by words only, not by meaning.": (
        "Les documents sont cherchés par les mots seulement, pas par le sens."
    ),
    "Files are saved in the folder “saved” beside the program.": (
        "Les fichiers sont enregistrés dans le dossier «\u202fsaved\u202f», à côté du programme."
    ),
    "Files below an answer are not shown.": "Les fichiers sous une réponse ne sont pas affichés.",
    "Install the packages named at the head of the program.": (
        "Installez les paquets nommés en tête du programme."
    ),
    "It stops after 10,000 steps.": "Il s’arrête après 10\u202f000 étapes.",
    "It stops here. Write this function yourself.": "Il s’arrête ici. Écrivez cette fonction vous-même.",
    "Its answers are not changed by that.": "Ses réponses n’en sont pas changées.",
    "Its error messages are in English.": "Ses messages d’erreur sont en anglais.",
    "Its models don’t read your custom instructions.": (
        "Ses modèles ne lisent pas vos instructions personnalisées."
    ),
    "Look for them there.": "Cherchez-les là.",
    "You notice it in the passages that are found.": "On le remarque aux passages trouvés.",
    "You notice it the first time: Flowloom asks before anything leaves.": (
        "On le remarque la première fois\u202f: Flowloom demande avant tout envoi."
    ),
    "You notice it when a question uses other words than the document: other passages are found.": (
        "On le remarque quand la question emploie d’autres mots que le document\u202f: "
        "d’autres passages sont trouvés."
    ),
    "You notice it when it takes longer than that.": "On le remarque quand cela dure plus longtemps.",
    "You notice it where nobody answers in time.": "On le remarque quand personne ne répond à temps.",
    "You notice it where the GPT hands out a file.": "On le remarque quand le GPT remet un fichier.",
    "You notice it where the GPT looks at a picture or listens.": (
        "On le remarque quand le GPT regarde une image ou écoute."
    ),
    "You notice it where the GPT shows a chart.": "On le remarque quand le GPT montre un graphique.",
    "Privacy protection is not kept.": "La protection des contenus n’est pas conservée.",
    "Set MODEL_URL to the address of its server.": "Donnez à MODEL_URL l’adresse de son serveur.",
    "Set the key of your model in the environment, for example OPENAI_API_KEY.": (
        "Placez la clé de votre modèle dans l’environnement, par exemple OPENAI_API_KEY."
    ),
    "Tags and the minimum relevance are not kept.": (
        "Les étiquettes et la pertinence minimale ne sont pas conservées."
    ),
    "The model can’t use the tool “{name}”.": "Le modèle ne peut pas se servir de l’outil «\u202f{name}\u202f».",
    "The program can’t ask a person for each item of a list.": (
        "Le programme ne peut pas interroger une personne pour chaque élément d’une liste."
    ),
    "The program can’t do what this block does.": "Le programme ne peut pas faire ce que fait ce bloc.",
    "The program can’t listen or speak.": "Le programme ne peut ni écouter ni parler.",
    "The program can’t look at pictures or make them.": "Le programme ne peut ni regarder ni créer d’images.",
    "The program can’t read web pages.": "Le programme ne peut pas lire de pages web.",
    "The program can’t run code that a model writes.": (
        "Le programme ne peut pas exécuter le code qu’un modèle écrit."
    ),
    "The program can’t search the web.": "Le programme ne peut pas chercher sur le web.",
    "The program can’t send emails.": "Le programme ne peut pas envoyer d’e-mails.",
    "The program can’t use actions of OpenAPI services.": (
        "Le programme ne peut pas utiliser les actions de services OpenAPI."
    ),
    "The program doesn’t ask OpenAI’s moderation.": "Le programme n’interroge pas la modération d’OpenAI.",
    "The program doesn’t keep what Flowloom keeps: runs, costs and limits of them.": (
        "Le programme ne garde pas ce que garde Flowloom\u202f: les exécutions, les coûts et leurs limites."
    ),
    "The program doesn’t run code with pandas.": "Le programme n’exécute pas de code avec pandas.",
    "The program holds no key.": "Le programme ne contient aucune clé.",
    "The program isn’t connected to MCP servers.": "Le programme n’est pas relié à des serveurs MCP.",
    "The program isn’t connected to your databases.": "Le programme n’est pas relié à vos bases de données.",
    "The program may quote its documents and instructions at any length.": (
        "Le programme peut citer ses documents et ses instructions sans limite de longueur."
    ),
    "The program sends at once, without asking whether it may.": (
        "Le programme envoie tout de suite, sans demander s’il le peut."
    ),
    "The program stops here. Write this function yourself.": (
        "Le programme s’arrête ici. Écrivez cette fonction vous-même."
    ),
    "The program takes no pictures and no recordings.": "Le programme ne prend ni images ni enregistrements.",
    "The program waits for an answer as long as it takes.": (
        "Le programme attend une réponse aussi longtemps qu’il le faut."
    ),
    "The timeout is not kept.": "Le délai n’est pas conservé.",
    "This part of another builder’s flow was never replaced.": (
        "Cette partie du flux d’un autre outil n’a jamais été remplacée."
    ),
    "Those stay in Flowloom.": "Elles restent dans Flowloom.",
    "Use the package langchain-mcp-adapters to connect it.": (
        "Utilisez le paquet langchain-mcp-adapters pour le relier."
    ),
    "What Flowloom knows of you does not come along.": "Ce que Flowloom sait de vous ne suit pas.",
    "What is known about the person is in the file about-you.json, for this program alone.": (
        "Ce que l’on sait de la personne est dans le fichier about-you.json, pour ce seul programme."
    ),
    "Write rules for a model instead.": "Écrivez plutôt des règles pour un modèle.",
    "Write this function yourself.": "Écrivez cette fonction vous-même.",
    "“{model}” is asked at the address in MODEL_URL, as OpenAI’s models are.": (
        "«\u202f{model}\u202f» est interrogé à l’adresse de MODEL_URL, comme les modèles d’OpenAI."
    ),
}
TEXTS = {"zh": ZH, "fr": FR}
