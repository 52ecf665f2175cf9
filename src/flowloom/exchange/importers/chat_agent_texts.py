"""What is said of agents that come from other builders, in the languages of people."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "A ChatGPT data export holds your conversations, but not the instructions of your GPTs.": (
                "ChatGPT 的数据导出包含你的对话，但不包含你的 GPT 的说明。"
            ),
            "Add an Action block and paste its OpenAPI description there.": (
                "请添加“操作”模块，并把它的 OpenAPI 描述粘贴进去。"
            ),
            "Add it under Settings → Accounts, then choose it in the Action block.": (
                "请在“设置 → 账户”中添加，然后在“操作”模块里选择它。"
            ),
            "Add it under Settings → MCP servers with this name, then choose its tools in the block.": (
                "请在“设置 → MCP 服务器”中用这个名称添加，然后在模块里选择它的工具。"
            ),
            "Add the documents that it knew: {names}.": "请添加它用到的文档：{names}。",
            "Add the documents that it searched.": "请添加它搜索的文档。",
            "An agent with tools answers in words here, not in fields; its words are read as the fields.": (
                "带工具的智能体在这里用文字回答，而不是按字段；它的文字会当作字段来读取。"
            ),
            "Choose a model in its block.": "请在它的模块里选择模型。",
            "Connect the MCP server “{name}”.": "请连接 MCP 服务器“{name}”。",
            "Download them where they are, then upload them in the Search knowledge block.": (
                "请从原处下载，然后在“搜索知识”模块里上传。"
            ),
            "It has many operations, so the agent searches for the right one first.": (
                "它的功能很多，所以智能体会先搜索合适的那一个。"
            ),
            "It shows the model a picture in a message. Here messages hold words only.": (
                "它在一条消息里给模型看图片。在这里消息只能包含文字。"
            ),
            "It was made to answer in JSON; here its instructions have to ask for that.": (
                "它原来用 JSON 回答；在这里需要在说明里提出这个要求。"
            ),
            "Its code could read files that are kept at OpenAI and are not in this file.": (
                "它的代码可以读取保存在 OpenAI 的文件，这些文件不在这个文件里。"
            ),
            "Only the owner of a GPT gets them: copy them from ChatGPT into the block.": (
                "只有 GPT 的所有者能看到：请从 ChatGPT 复制到模块里。"
            ),
            "Open its block and write what it does, or connect another block as a tool.": (
                "请打开它的模块写明它做什么，或把别的模块连接为工具。"
            ),
            (
                "Open the GPT in ChatGPT, choose Edit, then Configure, and copy what stands there into "
                "a new GPT here."
            ): ("请在 ChatGPT 中打开这个 GPT，选择“编辑”和“配置”，把那里的内容复制到这里的新 GPT 中。"),
            "Open the Search knowledge block and upload them.": "请打开“搜索知识”模块并上传。",
            "Open the block to search with Wikipedia or another provider instead.": (
                "也可以打开模块，改用维基百科或其他搜索服务。"
            ),
            "OpenAI ran this tool on its own servers; here it is a block that the agent calls.": (
                "OpenAI 在自己的服务器上运行这个工具；在这里它是智能体调用的模块。"
            ),
            "The description of the action “{name}” can’t be read.": "无法读取操作“{name}”的描述。",
            "The file holds no description of this action that can be read.": "文件里没有可以读取的操作描述。",
            "The file holds only the name and the values of this tool, not what it does.": (
                "文件只有这个工具的名称和参数，没有它的内容。"
            ),
            "The model is told the name of this tool as “{id}”.": "告诉模型的工具名称是“{id}”。",
            "The tool “{name}” does nothing yet: your own program did its work.": (
                "工具“{name}”还不起作用：原来由你自己的程序完成。"
            ),
            "The tool “{name}” has no counterpart here.": "工具“{name}”在这里没有对应的模块。",
            "The values that a program gave to the prompt are asked for in a form.": (
                "原来由程序填入提示词的值，在这里通过表单询问。"
            ),
            "The web search uses your OpenAI key.": "网络搜索使用你的 OpenAI 密钥。",
            "This ability belongs to ChatGPT’s own page and has no counterpart here.": (
                "这个功能属于 ChatGPT 自己的页面，在这里没有对应的功能。"
            ),
            "This file holds no instructions.": "这个文件里没有说明。",
            "You notice at each message: connect other blocks to the model instead.": (
                "每条消息都会询问：也可以把别的模块连接到模型。"
            ),
            "You notice one request more before it calls the service.": "调用服务之前会多一次请求。",
            "You notice when an answer should open beside the chat: it stays in the chat.": (
                "回答本应在聊天旁边打开时会注意到：在这里它留在聊天中。"
            ),
            "You notice when an answer depends on the picture: describe it in the message.": (
                "回答取决于图片时会注意到：请在消息里描述它。"
            ),
            "You notice when it answers in another form: ask for JSON in its instructions.": (
                "回答形式不同时会注意到：请在说明里要求用 JSON。"
            ),
            "You notice when it answers in plain words: add “Answer in JSON” to its instructions.": (
                "它用普通文字回答时会注意到：请在说明里加上“用 JSON 回答”。"
            ),
            "You notice when it should work with them: put what matters into the message.": (
                "它应当使用这些文件时会注意到：请把重要的内容写进消息。"
            ),
            "You notice when results are chosen or worded in another way.": "结果的选择或措辞不同时会注意到。",
            "You notice when the agent calls it: it answers that it is not set up.": (
                "智能体调用它时会注意到：它会回答还没有设置好。"
            ),
            "You notice when the agent would have called it.": "智能体本应调用它时会注意到。",
            "You notice when the agent would have used it.": "智能体本应使用它时会注意到。",
            "You notice where instructions call it by its old name: write the new one there.": (
                "说明里用旧名称称呼它时会注意到：请改成新名称。"
            ),
            "“{name}” needs an account.": "“{name}”需要账户。",
        },
        "fr": {
            "A ChatGPT data export holds your conversations, but not the instructions of your GPTs.": (
                "Un export de données de ChatGPT contient vos conversations, mais pas les instructions de vos GPT."
            ),
            "Add an Action block and paste its OpenAPI description there.": (
                "Ajoutez un bloc Action et collez-y sa description OpenAPI."
            ),
            "Add it under Settings → Accounts, then choose it in the Action block.": (
                "Ajoutez-le dans Réglages → Comptes, puis choisissez-le dans le bloc Action."
            ),
            "Add it under Settings → MCP servers with this name, then choose its tools in the block.": (
                "Ajoutez-le sous ce nom dans Réglages → Serveurs MCP, puis choisissez ses outils dans le bloc."
            ),
            "Add the documents that it knew: {names}.": "Ajoutez les documents qu’il connaissait : {names}.",
            "Add the documents that it searched.": "Ajoutez les documents dans lesquels il cherchait.",
            "An agent with tools answers in words here, not in fields; its words are read as the fields.": (
                "Un agent doté d’outils répond ici par un texte, pas par champs ; son texte est lu "
                "comme s’il les contenait."
            ),
            "Choose a model in its block.": "Choisissez un modèle dans son bloc.",
            "Connect the MCP server “{name}”.": "Connectez le serveur MCP « {name} ».",
            "Download them where they are, then upload them in the Search knowledge block.": (
                "Téléchargez-les depuis leur emplacement, puis ajoutez-les dans le bloc de recherche de documents."
            ),
            "It has many operations, so the agent searches for the right one first.": (
                "Il a beaucoup d’opérations : l’agent cherche d’abord la bonne."
            ),
            "It shows the model a picture in a message. Here messages hold words only.": (
                "Il montre une image au modèle dans un message. Ici, les messages ne contiennent que du texte."
            ),
            "It was made to answer in JSON; here its instructions have to ask for that.": (
                "Il répondait en JSON ; ici, ses instructions doivent le demander."
            ),
            "Its code could read files that are kept at OpenAI and are not in this file.": (
                "Son code pouvait lire des fichiers conservés chez OpenAI, qui ne sont pas dans ce fichier."
            ),
            "Only the owner of a GPT gets them: copy them from ChatGPT into the block.": (
                "Seul le propriétaire d’un GPT les obtient : copiez-les de ChatGPT dans le bloc."
            ),
            "Open its block and write what it does, or connect another block as a tool.": (
                "Ouvrez son bloc et écrivez ce qu’il fait, ou reliez un autre bloc comme outil."
            ),
            (
                "Open the GPT in ChatGPT, choose Edit, then Configure, and copy what stands there into "
                "a new GPT here."
            ): (
                "Ouvrez le GPT dans ChatGPT, choisissez Modifier, puis Configurer, et copiez ce qui "
                "s’y trouve dans un nouveau GPT ici."
            ),
            "Open the Search knowledge block and upload them.": (
                "Ouvrez le bloc de recherche de documents et ajoutez-les."
            ),
            "Open the block to search with Wikipedia or another provider instead.": (
                "Ouvrez le bloc pour chercher plutôt avec Wikipédia ou un autre service."
            ),
            "OpenAI ran this tool on its own servers; here it is a block that the agent calls.": (
                "OpenAI exécutait cet outil sur ses serveurs ; ici, c’est un bloc que l’agent appelle."
            ),
            "The description of the action “{name}” can’t be read.": (
                "La description de l’action « {name} » est illisible."
            ),
            "The file holds no description of this action that can be read.": (
                "Le fichier ne contient aucune description lisible de cette action."
            ),
            "The file holds only the name and the values of this tool, not what it does.": (
                "Le fichier ne contient que le nom et les valeurs de cet outil, pas ce qu’il fait."
            ),
            "The model is told the name of this tool as “{id}”.": (
                "Le modèle connaît cet outil sous le nom « {id} »."
            ),
            "The tool “{name}” does nothing yet: your own program did its work.": (
                "L’outil « {name} » ne fait encore rien : c’est votre propre programme qui faisait ce travail."
            ),
            "The tool “{name}” has no counterpart here.": "L’outil « {name} » n’a pas d’équivalent ici.",
            "The values that a program gave to the prompt are asked for in a form.": (
                "Les valeurs qu’un programme donnait au prompt sont demandées dans un formulaire."
            ),
            "The web search uses your OpenAI key.": "La recherche sur le web utilise votre clé OpenAI.",
            "This ability belongs to ChatGPT’s own page and has no counterpart here.": (
                "Cette capacité appartient à la page de ChatGPT et n’a pas d’équivalent ici."
            ),
            "This file holds no instructions.": "Ce fichier ne contient pas d’instructions.",
            "You notice at each message: connect other blocks to the model instead.": (
                "Cela se voit à chaque message : reliez plutôt d’autres blocs au modèle."
            ),
            "You notice one request more before it calls the service.": (
                "Il y a une requête de plus avant l’appel du service."
            ),
            "You notice when an answer should open beside the chat: it stays in the chat.": (
                "Cela se voit quand une réponse devrait s’ouvrir à côté de la conversation : elle y reste."
            ),
            "You notice when an answer depends on the picture: describe it in the message.": (
                "Cela se voit quand une réponse dépend de l’image : décrivez-la dans le message."
            ),
            "You notice when it answers in another form: ask for JSON in its instructions.": (
                "Cela se voit quand il répond sous une autre forme : demandez du JSON dans ses instructions."
            ),
            "You notice when it answers in plain words: add “Answer in JSON” to its instructions.": (
                "Cela se voit quand il répond par un texte simple : ajoutez « Réponds en JSON » à ses instructions."
            ),
            "You notice when it should work with them: put what matters into the message.": (
                "Cela se voit quand il devrait s’en servir : mettez l’essentiel dans le message."
            ),
            "You notice when results are chosen or worded in another way.": (
                "Cela se voit quand les résultats sont choisis ou formulés autrement."
            ),
            "You notice when the agent calls it: it answers that it is not set up.": (
                "Cela se voit quand l’agent l’appelle : il répond qu’il n’est pas configuré."
            ),
            "You notice when the agent would have called it.": "Cela se voit quand l’agent l’aurait appelée.",
            "You notice when the agent would have used it.": "Cela se voit quand l’agent l’aurait utilisé.",
            "You notice where instructions call it by its old name: write the new one there.": (
                "Cela se voit quand les instructions emploient l’ancien nom : écrivez-y le nouveau."
            ),
            "“{name}” needs an account.": "« {name} » a besoin d’un compte.",
        },
    }
)
