"""The report of ChatFlow imports in Chinese and French."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "The model is told of the last {count} steps only.": "只把最近 {count} 个步骤告诉模型。",
            "You notice it where a late step refers to one of the first.": (
                "后面的步骤提到最初的步骤时，你会注意到。"
            ),
            "ChatFlow fills in only one value for each step, so the others stand as they are written.": (
                "ChatFlow 每个步骤只填入一个值，因此其他的保持原样。"
            ),
            "You see their names between dollar signs in the question. Replace them by hand.": (
                "你会在问题里看到美元符号之间的名称。请手动替换。"
            ),
            "It refers to an answer that isn’t kept, so the reference stands as it is written.": (
                "它引用了没有保留的回答，因此引用保持原样。"
            ),
            "You see it between dollar signs in the question. Connect the answer you want.": (
                "你会在问题里的美元符号之间看到它。请连接你想要的回答。"
            ),
            "“{name}” after “{step}” is never run by ChatFlow, so it was left out.": (
                "“{step}”之后的“{name}”在 ChatFlow 里从不运行，因此已略去。"
            ),
            "Add an HTTP request block after the answer if you want it.": (
                "如果需要，请在回答之后添加“HTTP 请求”模块。"
            ),
            "All steps run one after another; ChatFlow waits for a click before each.": (
                "所有步骤依次运行；ChatFlow 在每一步之前等待点击。"
            ),
            "To look at an answer before the next step runs, put an Ask for approval block between them.": (
                "如果想在下一步运行前查看回答，请在中间放一个“请人批准”模块。"
            ),
            "“{name}” sends a key or password, which was left out.": "“{name}”会发送密钥或密码，已略去。",
            "Describe the service with its key under Settings, Connections, and use an Action block instead.": (
                "请在“设置”的“连接”里描述这个服务并填写密钥，然后改用“操作”模块。"
            ),
            "Choose a model under Settings.": "请在“设置”里选择模型。",
            "ChatFlow asks a model of OpenAI; here the default model answers until you choose another.": (
                "ChatFlow 使用 OpenAI 的模型；这里由默认模型回答，直到你选择其他模型。"
            ),
        },
        "fr": {
            "The model is told of the last {count} steps only.": (
                "Le modèle ne connaît que les {count} dernières étapes."
            ),
            "You notice it where a late step refers to one of the first.": (
                "Vous le remarquez quand une étape tardive renvoie à l’une des premières."
            ),
            "ChatFlow fills in only one value for each step, so the others stand as they are written.": (
                "ChatFlow ne remplit qu’une valeur par étape, les autres restent donc telles quelles."
            ),
            "You see their names between dollar signs in the question. Replace them by hand.": (
                "Vous voyez leurs noms entre des signes dollar dans la question. Remplacez-les à la main."
            ),
            "It refers to an answer that isn’t kept, so the reference stands as it is written.": (
                "Elle renvoie à une réponse qui n’est pas gardée, le renvoi reste donc tel quel."
            ),
            "You see it between dollar signs in the question. Connect the answer you want.": (
                "Vous le voyez entre des signes dollar dans la question. Reliez la réponse voulue."
            ),
            "“{name}” after “{step}” is never run by ChatFlow, so it was left out.": (
                "«\u202f{name}\u202f» après «\u202f{step}\u202f» n’est jamais exécuté par ChatFlow et a donc "
                "été laissé "
                "de côté."
            ),
            "Add an HTTP request block after the answer if you want it.": (
                "Ajoutez un bloc Requête HTTP après la réponse si vous le souhaitez."
            ),
            "All steps run one after another; ChatFlow waits for a click before each.": (
                "Toutes les étapes s’enchaînent\u202f; ChatFlow attend un clic avant chacune."
            ),
            "To look at an answer before the next step runs, put an Ask for approval block between them.": (
                "Pour voir une réponse avant l’étape suivante, mettez entre elles un bloc Demander l’accord."
            ),
            "“{name}” sends a key or password, which was left out.": (
                "«\u202f{name}\u202f» envoie une clé ou un mot de passe, qui a été laissé de côté."
            ),
            "Describe the service with its key under Settings, Connections, and use an Action block instead.": (
                "Décrivez le service avec sa clé dans Réglages, Connexions, et utilisez plutôt un bloc Action."
            ),
            "Choose a model under Settings.": "Choisissez un modèle dans les réglages.",
            "ChatFlow asks a model of OpenAI; here the default model answers until you choose another.": (
                "ChatFlow interroge un modèle d’OpenAI\u202f; ici, le modèle par défaut répond tant que vous n’en "
                "choisissez pas un autre."
            ),
        },
    }
)
