"""What the report of an export to n8n says, in Chinese and French."""

ZH = {
    "A value that isn’t there is empty.": "不存在的值会是空的。",
    "A workflow that n8n imports.": "一个可以导入 n8n 的工作流。",
    "Add a tool of n8n to the agent instead.": "请改为给智能体添加 n8n 的工具。",
    "Files below an answer are not shown.": "回答下面的文件不会显示。",
    "Files that the person sends don’t arrive.": "用户发送的文件不会传到。",
    "In n8n, choose Import from File in the menu of a new workflow, and then this file.": (
        "请在 n8n 新工作流的菜单中选择“从文件导入”，然后选择这个文件。"
    ),
    "Insert them into this vector store in n8n.": "请在 n8n 中把它们加入这个向量存储。",
    "It always translates into the language set here.": "它总是译成这里设定的语言。",
    "It is remembered for one message only.": "只在一条消息之内记住。",
    "Messages written out beside the question aren’t sent.": "问题之外写好的消息不会发送。",
    "Put its blocks into a Loop Over Items node.": "请把它的模块放进 Loop Over Items 节点。",
    "Put one of n8n’s in its place.": "请用 n8n 的节点代替它。",
    "Put them into its system message.": "请把它们放进它的系统消息。",
    "The agent knows this tool by n8n’s words.": "智能体按 n8n 的说明认识这个工具。",
    "The code runs in n8n’s own Python.": "代码在 n8n 自己的 Python 中运行。",
    "The date is that of the workflow’s time zone, in English.": "日期按工作流的时区，用英文显示。",
    "The last turns are remembered as they are.": "最近几轮对话会原样记住。",
    "Then choose an account in each model node.": "然后在每个模型节点中选择一个账户。",
    "This code isn’t brought over.": "这段代码不会带过去。",
    "This tool isn’t brought over.": "这个工具不会带过去。",
    "What this template works out isn’t brought over.": "这个模板的计算不会带过去。",
    "Where a value can’t be worked out, n8n goes on with an empty one.": "某个值算不出来时，n8n 会用空值继续运行。",
    "Write it as a Code node of n8n.": "请把它写成 n8n 的 Code 节点。",
    "You notice it in how a tool is used.": "从工具的使用方式会注意到。",
    "You notice it in long conversations.": "在很长的对话中会注意到。",
    "You notice it in other zones and languages.": "在其他时区和语言中会注意到。",
    "You notice it in what is sent to the model.": "从发给模型的内容会注意到。",
    "You notice it where n8n’s Python isn’t set up, or lacks a module.": (
        "当 n8n 没有设置 Python 或缺少某个模块时会注意到。"
    ),
    "You notice it where somebody sends one.": "有人发送文件时会注意到。",
    "You notice it where the GPT hands out a file.": "当 GPT 给出文件时会注意到。",
    "You notice it where the flow would stop with an error.": "在流程本会报错停止的地方会注意到。",
    "You notice it where this flow would stop with an error.": "在这个流程本会报错停止的地方会注意到。",
    "You notice it with other languages.": "使用其他语言时会注意到。",
    "You notice it with the next message.": "到下一条消息时会注意到。",
    "n8n asks for the fields in words of its own.": "n8n 用自己的措辞询问这些字段。",
    "n8n asks the model in words of its own.": "n8n 用自己的措辞询问模型。",
    "n8n ends with a question of the person.": "n8n 总以用户的问题结尾。",
    "n8n has no node for this block.": "n8n 没有与这个模块对应的节点。",
    "n8n workflow": "n8n 工作流",
}
FR = {
    "A value that isn’t there is empty.": "Une valeur absente est vide.",
    "A workflow that n8n imports.": "Un workflow que n8n importe.",
    "Add a tool of n8n to the agent instead.": "Ajoutez à l’agent un outil de n8n à sa place.",
    "Files below an answer are not shown.": "Les fichiers sous une réponse ne sont pas affichés.",
    "Files that the person sends don’t arrive.": "Les fichiers envoyés par la personne n’arrivent pas.",
    "In n8n, choose Import from File in the menu of a new workflow, and then this file.": (
        "Dans n8n, choisissez Importer depuis un fichier dans le menu d’un nouveau workflow, puis ce fichier."
    ),
    "Insert them into this vector store in n8n.": "Ajoutez-les à ce magasin de vecteurs dans n8n.",
    "It always translates into the language set here.": "Il traduit toujours dans la langue fixée ici.",
    "It is remembered for one message only.": "Il n’est retenu que pour un seul message.",
    "Messages written out beside the question aren’t sent.": (
        "Les messages rédigés en plus de la question ne sont pas envoyés."
    ),
    "Put its blocks into a Loop Over Items node.": "Mettez ses blocs dans un nœud Loop Over Items.",
    "Put one of n8n’s in its place.": "Mettez-en un de n8n à sa place.",
    "Put them into its system message.": "Mettez-les dans son message système.",
    "The agent knows this tool by n8n’s words.": "L’agent connaît cet outil par les mots de n8n.",
    "The code runs in n8n’s own Python.": "Le code s’exécute dans le Python de n8n.",
    "The date is that of the workflow’s time zone, in English.": (
        "La date est celle du fuseau horaire du workflow, en anglais."
    ),
    "The last turns are remembered as they are.": "Les derniers échanges sont retenus tels quels.",
    "Then choose an account in each model node.": "Choisissez ensuite un compte dans chaque nœud de modèle.",
    "This code isn’t brought over.": "Ce code n’est pas repris.",
    "This tool isn’t brought over.": "Cet outil n’est pas repris.",
    "What this template works out isn’t brought over.": "Ce que ce modèle de texte calcule n’est pas repris.",
    "Where a value can’t be worked out, n8n goes on with an empty one.": (
        "Quand une valeur ne peut pas être calculée, n8n continue avec une valeur vide."
    ),
    "Write it as a Code node of n8n.": "Écrivez-le dans un nœud Code de n8n.",
    "You notice it in how a tool is used.": "On le remarque à la façon dont un outil est utilisé.",
    "You notice it in long conversations.": "On le remarque dans de longues conversations.",
    "You notice it in other zones and languages.": "On le remarque dans d’autres fuseaux et d’autres langues.",
    "You notice it in what is sent to the model.": "On le remarque dans ce qui est envoyé au modèle.",
    "You notice it where n8n’s Python isn’t set up, or lacks a module.": (
        "On le remarque là où le Python de n8n n’est pas installé, ou manque d’un module."
    ),
    "You notice it where somebody sends one.": "On le remarque quand quelqu’un en envoie un.",
    "You notice it where the GPT hands out a file.": "On le remarque quand le GPT remet un fichier.",
    "You notice it where the flow would stop with an error.": (
        "On le remarque là où le flux s’arrêterait sur une erreur."
    ),
    "You notice it where this flow would stop with an error.": (
        "On le remarque là où ce flux s’arrêterait sur une erreur."
    ),
    "You notice it with other languages.": "On le remarque avec d’autres langues.",
    "You notice it with the next message.": "On le remarque au message suivant.",
    "n8n asks for the fields in words of its own.": "n8n demande les champs avec ses propres mots.",
    "n8n asks the model in words of its own.": "n8n interroge le modèle avec ses propres mots.",
    "n8n ends with a question of the person.": "n8n finit par une question de la personne.",
    "n8n has no node for this block.": "n8n n’a pas de nœud pour ce bloc.",
    "n8n workflow": "Workflow n8n",
}
TEXTS = {"zh": ZH, "fr": FR}
