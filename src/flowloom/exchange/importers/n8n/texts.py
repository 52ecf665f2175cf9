"""What is said of workflows of n8n, in the languages of people."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "A missing value counts as empty here; n8n tells missing from empty, and fails on a wrong type.": (
                "这里缺少的值算作空值；n8n 区分缺少和空值，类型不对时会出错。"
            ),
            "Add an account under Settings → Accounts, and use an Action block in its place.": (
                "请在“设置 → 账户”中添加账户，并改用“操作”模块。"
            ),
            "Add it under Settings → Accounts, then choose it in the block.": (
                "请在“设置 → 账户”中添加，然后在模块里选择它。"
            ),
            "Add it under Settings → MCP servers, then choose it and its tools in the block.": (
                "请在“设置 → MCP 服务器”中添加，然后在模块里选择它和它的工具。"
            ),
            "Add the documents that “{name}” searched.": "请添加“{name}”搜索的文档。",
            "Add the keys of the models that it uses.": "请添加它所用模型的密钥。",
            "Branches that n8n runs one after another run side by side here.": (
                "n8n 依次运行的分支，在这里同时运行。"
            ),
            "Choose one in its block.": "请在它的模块里选择一个。",
            "Connect the MCP server of “{name}”.": "请连接“{name}”的 MCP 服务器。",
            "Here only the first path that fits is taken, not all of them.": (
                "这里只走第一个符合的路径，而不是所有符合的路径。"
            ),
            "In n8n an answer that is a list becomes several items; here it stays one list.": (
                "在 n8n 里，列表形式的回答会变成多个项目；在这里仍是一个列表。"
            ),
            "In n8n something else starts this flow; here each chat message does, and is all that it brings.": (
                "在 n8n 里，这个流程由别的事件启动；在这里由每条聊天消息启动，消息就是它带来的全部内容。"
            ),
            (
                "In n8n the flow goes on when this node fails: IF sends the item to “false”, Switch to "
                "its first output."
            ): ("在 n8n 里，这个节点出错时流程会继续：IF 把项目送到“false”，Switch 送到第一个输出。"),
            (
                "In n8n the loop ends, without “done”, when a round gives nothing or there are no "
                "items; here it goes on."
            ): ("在 n8n 里，如果某一轮没有结果或没有项目，循环会结束而不经过“done”；在这里会继续。"),
            "It searches documents that you add here.": "它搜索你在这里添加的文档。",
            "Only n8n can work out “{written}”: it stands here as it is written.": (
                "只有 n8n 能计算“{written}”：这里保留原文。"
            ),
            "Open Models and paste each key once.": "请打开“模型”页面，每个密钥粘贴一次。",
            "Open it in n8n, download it again, and import that file.": (
                "请在 n8n 中打开，重新下载，再导入该文件。"
            ),
            "Some nodes were connected to nothing, so they did nothing in n8n either.": (
                "有些节点没有连接，在 n8n 里也不起作用。"
            ),
            "Some of its settings are not carried over.": "它的部分设置没有转入。",
            "The model is asked for fields directly; n8n writes how to answer into the prompt.": (
                "这里直接要求模型给出字段；n8n 则把回答方式写进提示词。"
            ),
            "Documents are searched by meaning and words together here.": "在这里，文档同时按含义和词语搜索。",
            "You notice where another passage comes first.": "当另一个段落排在前面时会注意到。",
            "The model is asked in other words than n8n’s.": "这里向模型提问的措辞与 n8n 不同。",
            "The model of “{name}” is not known here, so it uses the default model.": (
                "这里不认识“{name}”的模型，所以使用默认模型。"
            ),
            "The model sees this tool under a name in small letters.": "模型看到的工具名称是小写的。",
            "The tool of the sort “{type}” has no counterpart here.": "“{type}”类型的工具在这里没有对应的模块。",
            "The tool “{name}” is not set up yet.": "工具“{name}”还没有设置好。",
            "They are not in this flow.": "它们不在这个流程里。",
            "This n8n workflow has no nodes.": "这个 n8n 工作流没有节点。",
            "This tool only gives the model room to think; models that reason do so by themselves.": (
                "这个工具只是让模型有思考的空间；推理模型会自己思考。"
            ),
            "What the code gives is seen as one item, unless it makes a list item by item.": (
                "代码的结果算作一个项目，除非它逐项生成列表。"
            ),
            (
                "Where two branches meet without a Merge node, n8n runs what follows once for each; "
                "here it runs once."
            ): ("两个分支不经 Merge 节点汇合时，n8n 会对每个分支各运行一次后面的部分；在这里只运行一次。"),
            "With one branch absent, n8n’s Merge gives nothing in this mode; here what came goes on.": (
                "缺少一个分支时，n8n 的 Merge 在这种模式下没有输出；在这里会继续传递已到的内容。"
            ),
            "You notice at once. Write a value in its place, or connect a block that gives it.": (
                "你会马上注意到。请写上一个值，或连接能给出它的模块。"
            ),
            "You notice in what is sent to the model, not in the fields.": "差别在于发给模型的内容，而不在字段。",
            "You notice only where instructions name the tool: write its new name there.": (
                "只有说明里提到工具名称时才有影响：请写上新名称。"
            ),
            "You notice when a model decides in another way: adjust the instructions in the block.": (
                "模型作出不同判断时会注意到：请调整模块里的说明。"
            ),
            "You notice when a round gives nothing: what follows the loop runs all the same.": (
                "某一轮没有结果时会注意到：循环之后的部分照样运行。"
            ),
            "You notice when a small model takes more care with the tool.": (
                "小模型用这个工具时更仔细，这时会注意到。"
            ),
            "You notice when an answer is longer, or something is remembered in another place.": (
                "回答更长，或内容记在别处时会注意到。"
            ),
            "You notice when an item fits several rules: draw a branch for each.": (
                "一个项目符合多条规则时会注意到：请为每条规则画一个分支。"
            ),
            "You notice when both branches have run: add a Merge block.": (
                "两个分支都运行时会注意到：请添加“合并”模块。"
            ),
            "You notice when it fails here: the run stops. Set what happens then in the block’s settings.": (
                "这里出错时会注意到：运行会停止。请在模块设置里选择出错时怎么办。"
            ),
            "You notice when nodes behind it should run once for each entry.": (
                "后面的节点应对每一项各运行一次时会注意到。"
            ),
            "You notice when nodes behind it should run several times.": "后面的节点应运行多次时会注意到。",
            "You notice when one relies on what another has done before.": (
                "一个分支依赖另一个先做完的事时会注意到。"
            ),
            "You notice when only one of its branches has run.": "只有一个分支运行时会注意到。",
            "You notice when other passages are found.": "找到的段落不同时会注意到。",
            "You notice where a value is not there: check it with “is not empty” first.": (
                "缺少某个值时会注意到：请先用“不为空”检查。"
            ),
            "You notice where several values came in at once: ask for them with an Ask for details block.": (
                "原来同时传入多个值时会注意到：请用“询问详情”模块来询问。"
            ),
            "“{name}” has no model.": "“{name}”没有模型。",
            "“{name}” sent a key, which was left out.": "“{name}”原来发送一个密钥，已去掉。",
            "“{name}” used an account that stays in n8n.": "“{name}”用到的账户留在 n8n。",
        },
        "fr": {
            "A missing value counts as empty here; n8n tells missing from empty, and fails on a wrong type.": (
                "Une valeur absente compte ici comme vide ; n8n distingue absent et vide, et échoue si "
                "le type ne convient pas."
            ),
            "Add an account under Settings → Accounts, and use an Action block in its place.": (
                "Ajoutez un compte dans Réglages → Comptes, et utilisez un bloc Action à la place."
            ),
            "Add it under Settings → Accounts, then choose it in the block.": (
                "Ajoutez-le dans Réglages → Comptes, puis choisissez-le dans le bloc."
            ),
            "Add it under Settings → MCP servers, then choose it and its tools in the block.": (
                "Ajoutez-le dans Réglages → Serveurs MCP, puis choisissez-le avec ses outils dans le bloc."
            ),
            "Add the documents that “{name}” searched.": (
                "Ajoutez les documents dans lesquels « {name} » cherchait."
            ),
            "Add the keys of the models that it uses.": "Ajoutez les clés des modèles qu’il utilise.",
            "Branches that n8n runs one after another run side by side here.": (
                "Des branches que n8n exécute l’une après l’autre s’exécutent ici en même temps."
            ),
            "Choose one in its block.": "Choisissez-en un dans son bloc.",
            "Connect the MCP server of “{name}”.": "Connectez le serveur MCP de « {name} ».",
            "Here only the first path that fits is taken, not all of them.": (
                "Seul le premier chemin qui convient est suivi ici, et non tous."
            ),
            "In n8n an answer that is a list becomes several items; here it stays one list.": (
                "Dans n8n, une réponse en forme de liste devient plusieurs éléments ; ici, elle reste une liste."
            ),
            "In n8n something else starts this flow; here each chat message does, and is all that it brings.": (
                "Dans n8n, autre chose démarre ce flux ; ici, c’est chaque message, qui est aussi tout "
                "ce qu’il apporte."
            ),
            (
                "In n8n the flow goes on when this node fails: IF sends the item to “false”, Switch to "
                "its first output."
            ): (
                "Dans n8n, le flux continue quand ce nœud échoue : IF envoie l’élément vers « false », "
                "Switch vers sa première sortie."
            ),
            (
                "In n8n the loop ends, without “done”, when a round gives nothing or there are no "
                "items; here it goes on."
            ): (
                "Dans n8n, la boucle s’arrête, sans « done », si un tour ne donne rien ou s’il n’y a "
                "pas d’éléments ; ici, elle continue."
            ),
            "It searches documents that you add here.": "Il cherche dans les documents que vous ajoutez ici.",
            "Only n8n can work out “{written}”: it stands here as it is written.": (
                "Seul n8n sait calculer « {written} » : c’est resté tel quel."
            ),
            "Open Models and paste each key once.": "Ouvrez Modèles et collez chaque clé une fois.",
            "Open it in n8n, download it again, and import that file.": (
                "Ouvrez-le dans n8n, téléchargez-le à nouveau, puis importez ce fichier."
            ),
            "Some nodes were connected to nothing, so they did nothing in n8n either.": (
                "Certains nœuds n’étaient reliés à rien : ils ne faisaient rien dans n8n non plus."
            ),
            "Some of its settings are not carried over.": "Certains de ses réglages ne sont pas repris.",
            "The model is asked for fields directly; n8n writes how to answer into the prompt.": (
                "Les champs sont demandés directement au modèle ; n8n écrit dans le prompt comment répondre."
            ),
            "Documents are searched by meaning and words together here.": (
                "Ici, les documents sont cherchés à la fois par le sens et par les mots."
            ),
            "You notice where another passage comes first.": (
                "Cela se remarque quand un autre passage vient en premier."
            ),
            "The model is asked in other words than n8n’s.": (
                "Le modèle est interrogé avec d’autres mots que ceux de n8n."
            ),
            "The model of “{name}” is not known here, so it uses the default model.": (
                "Le modèle de « {name} » n’est pas connu ici ; le modèle par défaut est utilisé."
            ),
            "The model sees this tool under a name in small letters.": (
                "Le modèle voit cet outil sous un nom en minuscules."
            ),
            "The tool of the sort “{type}” has no counterpart here.": (
                "L’outil de type « {type} » n’a pas d’équivalent ici."
            ),
            "The tool “{name}” is not set up yet.": "L’outil « {name} » n’est pas encore configuré.",
            "They are not in this flow.": "Ils ne figurent pas dans ce flux.",
            "This n8n workflow has no nodes.": "Ce workflow n8n n’a aucun nœud.",
            "This tool only gives the model room to think; models that reason do so by themselves.": (
                "Cet outil donne seulement au modèle de la place pour réfléchir ; les modèles qui "
                "raisonnent le font d’eux-mêmes."
            ),
            "What the code gives is seen as one item, unless it makes a list item by item.": (
                "Ce que donne le code compte pour un seul élément, sauf s’il construit une liste "
                "élément par élément."
            ),
            (
                "Where two branches meet without a Merge node, n8n runs what follows once for each; "
                "here it runs once."
            ): (
                "Quand deux branches se rejoignent sans nœud Merge, n8n exécute la suite une fois pour "
                "chacune ; ici, une seule fois."
            ),
            "With one branch absent, n8n’s Merge gives nothing in this mode; here what came goes on.": (
                "S’il manque une branche, le Merge de n8n ne donne rien dans ce mode ; ici, ce qui est "
                "arrivé continue."
            ),
            "You notice at once. Write a value in its place, or connect a block that gives it.": (
                "Cela se voit tout de suite. Écrivez une valeur à la place, ou reliez un bloc qui la donne."
            ),
            "You notice in what is sent to the model, not in the fields.": (
                "Cela se voit dans ce qui est envoyé au modèle, pas dans les champs."
            ),
            "You notice only where instructions name the tool: write its new name there.": (
                "Cela ne compte que si des instructions nomment l’outil : écrivez-y son nouveau nom."
            ),
            "You notice when a model decides in another way: adjust the instructions in the block.": (
                "Cela se voit quand un modèle décide autrement : adaptez les instructions du bloc."
            ),
            "You notice when a round gives nothing: what follows the loop runs all the same.": (
                "Cela se voit quand un tour ne donne rien : la suite de la boucle s’exécute quand même."
            ),
            "You notice when a small model takes more care with the tool.": (
                "Cela se voit quand un petit modèle est plus attentif avec cet outil."
            ),
            "You notice when an answer is longer, or something is remembered in another place.": (
                "Cela se voit quand une réponse est plus longue, ou que quelque chose est retenu ailleurs."
            ),
            "You notice when an item fits several rules: draw a branch for each.": (
                "Cela se voit quand un élément répond à plusieurs règles : dessinez une branche pour chacune."
            ),
            "You notice when both branches have run: add a Merge block.": (
                "Cela se voit quand les deux branches se sont exécutées : ajoutez un bloc de fusion."
            ),
            "You notice when it fails here: the run stops. Set what happens then in the block’s settings.": (
                "Cela se voit quand il échoue ici : l’exécution s’arrête. Choisissez quoi faire alors "
                "dans les réglages du bloc."
            ),
            "You notice when nodes behind it should run once for each entry.": (
                "Cela se voit quand les nœuds suivants devraient s’exécuter une fois par élément."
            ),
            "You notice when nodes behind it should run several times.": (
                "Cela se voit quand les nœuds suivants devraient s’exécuter plusieurs fois."
            ),
            "You notice when one relies on what another has done before.": (
                "Cela se voit quand l’une compte sur ce que l’autre a fait avant."
            ),
            "You notice when only one of its branches has run.": (
                "Cela se voit quand une seule de ses branches s’est exécutée."
            ),
            "You notice when other passages are found.": "Cela se voit quand d’autres passages sont trouvés.",
            "You notice where a value is not there: check it with “is not empty” first.": (
                "Cela se voit quand une valeur manque : vérifiez-la d’abord avec « n’est pas vide »."
            ),
            "You notice where several values came in at once: ask for them with an Ask for details block.": (
                "Cela se voit quand plusieurs valeurs arrivaient à la fois : demandez-les avec un bloc "
                "de formulaire."
            ),
            "“{name}” has no model.": "« {name} » n’a pas de modèle.",
            "“{name}” sent a key, which was left out.": "« {name} » envoyait une clé, qui a été retirée.",
            "“{name}” used an account that stays in n8n.": "« {name} » utilisait un compte qui reste dans n8n.",
        },
    }
)
