"""The report of Coze imports in Chinese and French."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "The model’s skills – plugins, workflows and documents – didn’t come over.": (
                "模型的技能（插件、工作流和文档）没有导入。"
            ),
            "Use an Agent block instead, and join to it what it should be able to do.": (
                "请改用“智能体”模块，并把它应有的能力连到它。"
            ),
            "The code waits for something or uses more of its surroundings than its values.": (
                "代码会等待某些内容，或使用了传入值以外的环境。"
            ),
            "The block stops with an error. Rewrite that part, or use other blocks for it.": (
                "模块会出错停止。请改写那一部分，或改用其他模块。"
            ),
            "Documents are searched and ranked in Flowloom’s own way.": (
                "这里按 Flowloom 自己的方式搜索文档并排序。"
            ),
            "Other passages may be found. Ask a few questions that you know the source of.": (
                "可能会找到不同的段落。请问几个你知道出处的问题。"
            ),
            "A person can only choose one of the options here, not write another answer.": (
                "这里只能从选项中选择，不能写其他回答。"
            ),
            "Add an option for everything else if the flow needs it.": "如果流程需要，请添加一个“其他”选项。",
            "The model is asked in Flowloom’s own words for this task, not in Coze’s.": (
                "这项任务用 Flowloom 自己的话向模型提问，而不是 Coze 的。"
            ),
            "A weak model may decide differently now and then. Try a few messages that you know the result of.": (
                "较弱的模型偶尔会有不同的判断。请用几条你知道结果的消息试一试。"
            ),
            "Choose a model for the blocks that used “{model}”.": "请为原来使用“{model}”的模块选择模型。",
            "They use the default model until then. Models are connected under Settings.": (
                "在此之前它们使用默认模型。模型在“设置”里连接。"
            ),
            "Add the documents that “{name}” searches.": "请添加“{name}”要搜索的文档。",
            "Documents don’t come over with a flow. Add them under Knowledge.": (
                "文档不随流程导入。请添加到“知识”。"
            ),
            "“{name}” sends a key or password, which was left out.": "“{name}”会发送密钥或密码，已略去。",
            "Describe the service with its key under Settings, Connections, and use an Action block instead.": (
                "请在“设置”的“连接”里描述这个服务并填写密钥，然后改用“操作”模块。"
            ),
            "Replace “{name}”, which Coze runs elsewhere.": "请替换“{name}”，Coze 在别处运行它。",
            (
                "Describe the service as an Action, import the flow it calls, or choose other blocks."
            ): "请把同一个服务描述为“操作”，导入它调用的流程，或选择做同样事情的模块。",
        },
        "fr": {
            "The model’s skills – plugins, workflows and documents – didn’t come over.": (
                "Les compétences du modèle – extensions, flux et documents – n’ont pas été reprises."
            ),
            "Use an Agent block instead, and join to it what it should be able to do.": (
                "Utilisez plutôt un bloc Agent et reliez-lui ce qu’il doit savoir faire."
            ),
            "The code waits for something or uses more of its surroundings than its values.": (
                "Le code attend quelque chose ou utilise plus que ses valeurs."
            ),
            "The block stops with an error. Rewrite that part, or use other blocks for it.": (
                "Le bloc s’arrête sur une erreur. Réécrivez cette partie, ou utilisez d’autres blocs."
            ),
            "Documents are searched and ranked in Flowloom’s own way.": (
                "Les documents sont cherchés et classés à la manière de Flowloom."
            ),
            "Other passages may be found. Ask a few questions that you know the source of.": (
                "D’autres passages peuvent être trouvés. Posez quelques questions dont vous connaissez la source."
            ),
            "A person can only choose one of the options here, not write another answer.": (
                "Ici, on ne peut que choisir une des options, pas écrire une autre réponse."
            ),
            "Add an option for everything else if the flow needs it.": (
                "Ajoutez une option pour tout le reste si le flux en a besoin."
            ),
            "The model is asked in Flowloom’s own words for this task, not in Coze’s.": (
                "Pour cette tâche, le modèle est interrogé avec les mots de Flowloom, pas ceux de Coze."
            ),
            "A weak model may decide differently now and then. Try a few messages that you know the result of.": (
                "Un modèle faible peut parfois décider autrement. Essayez quelques messages dont vous "
                "connaissez le résultat."
            ),
            "Choose a model for the blocks that used “{model}”.": (
                "Choisissez un modèle pour les blocs qui utilisaient «\u202f{model}\u202f»."
            ),
            "They use the default model until then. Models are connected under Settings.": (
                "D’ici là, ils utilisent le modèle par défaut. Les modèles se connectent dans les réglages."
            ),
            "Add the documents that “{name}” searches.": "Ajoutez les documents où cherche «\u202f{name}\u202f».",
            "Documents don’t come over with a flow. Add them under Knowledge.": (
                "Les documents ne viennent pas avec un flux. Ajoutez-les dans Connaissances."
            ),
            "“{name}” sends a key or password, which was left out.": (
                "«\u202f{name}\u202f» envoie une clé ou un mot de passe, qui a été laissé de côté."
            ),
            "Describe the service with its key under Settings, Connections, and use an Action block instead.": (
                "Décrivez le service avec sa clé dans Réglages, Connexions, et utilisez plutôt un bloc Action."
            ),
            "Replace “{name}”, which Coze runs elsewhere.": (
                "Remplacez «\u202f{name}\u202f», que Coze exécute ailleurs."
            ),
            ("Describe the service as an Action, import the flow it calls, or choose other blocks."): (
                "Décrivez le service comme une action, importez le flux qu’il appelle, ou prenez d’autres blocs."
            ),
        },
    }
)
