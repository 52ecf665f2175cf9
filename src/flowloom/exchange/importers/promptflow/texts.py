"""What the importer of PromptFlow says, in the languages of the app."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "This flow takes a part of the input “{name}”, which PromptFlow can’t load either.": (
                "此流程用到了输入“{name}”的一部分，PromptFlow 也无法加载它。"
            ),
            "Have it take the whole input, then import it again.": "请让它使用整个输入，然后重新导入。",
            "“{name}” has no default variant, so PromptFlow can’t load this flow either.": (
                "“{name}”没有默认变体，所以 PromptFlow 也无法加载此流程。"
            ),
            "Choose its default variant in PromptFlow, then import it again.": (
                "请在 PromptFlow 中选择默认变体，然后重新导入。"
            ),
            "PromptFlow turns what a data file lacks into the word “nan”, and numbers in texts into “5.0”.": (
                "PromptFlow 会把数据文件中缺少的值变成“nan”，把文本列中的数字变成“5.0”。"
            ),
            "Flowloom asks for what is missing, and leaves numbers as they are.": (
                "Flowloom 会询问缺少的值，并保持数字不变。"
            ),
            "It refers to a step that sums up a batch, so PromptFlow leaves it out in silence, like us.": (
                "它引用了汇总整批数据的步骤，PromptFlow 会不声不响地略去它，这里也一样。"
            ),
            "Look at that step’s own result under Runs.": "请在“运行”中查看那个步骤自己的结果。",
            "The answer shows the output of the chat alone.": "回答只显示聊天的输出。",
            "Look at the other outputs under Runs, or connect them to the answer.": (
                "其他输出请在“运行”中查看，或把它们连到回答。"
            ),
            "Where its step doesn’t run, PromptFlow fails. Here there is no answer then.": (
                "如果它的步骤没有运行，PromptFlow 会出错；这里则没有回答。"
            ),
            "You notice it where the step was passed over.": "步骤被跳过时才会察觉。",
            "It is asked for by a form at each message.": "每条消息都会用表单询问它。",
            "Remove the form and write the value into its block where it never changes.": (
                "如果值从不改变，可删除表单，把值写进相应模块。"
            ),
            "The connection “{name}” stays with PromptFlow.": "连接“{name}”保留在 PromptFlow 中。",
            "Add the key of its vendor under Models, and check which model the blocks use.": (
                "请在“模型”中添加其供应商的密钥，并检查各模块使用的模型。"
            ),
            "Its prompt “{path}” wasn’t brought along or is empty.": "它的提示词“{path}”没有一起导入，或是空的。",
            "Import the whole folder, or write the prompt in the block.": "请导入整个文件夹，或在模块中写提示词。",
            "Its prompt makes its messages in a loop, or names no roles, so it is sent as one message.": (
                "它的提示词用循环生成消息，或没有写明角色，因此作为一条消息发送。"
            ),
            "You notice it where the model takes instructions and examples apart. Write them as messages.": (
                "当模型区分指令和示例时才会察觉。请把它们分别写成消息。"
            ),
            "The model was offered functions written as JSON, which it isn’t here.": (
                "原来向模型提供了用 JSON 写的函数，这里没有。"
            ),
            "It answers in words. Connect tools to an Agent block instead.": (
                "它会用文字回答。请改为把工具连到智能体模块。"
            ),
            "These settings of the model didn’t come over: {names}.": "模型的这些设置没有带过来：{names}。",
            "Answers may be longer, or vary in another way.": "回答可能更长，或变化方式不同。",
            "Its prompt uses something that templates can’t do here.": "它的提示词用到了这里的模板不支持的内容。",
            "The block says what; rewrite that part.": "模块会说明是什么；请改写那一部分。",
            "“{step}” used the connection “{name}”, which stays with PromptFlow.": (
                "“{step}”使用了连接“{name}”，它保留在 PromptFlow 中。"
            ),
            "Set up that service here, and use its block in place of the code that calls it.": (
                "请在这里设置该服务，并用它的模块代替调用它的代码。"
            ),
            "Its file “{path}” wasn’t brought along or can’t be read, so its code is missing.": (
                "它的文件“{path}”没有一起导入或无法读取，因此缺少代码。"
            ),
            "Import the whole folder, or write the code in the block.": "请导入整个文件夹，或在模块中写代码。",
            "It sums up all lines of a batch there. Here it sums up the one run, as a list of one.": (
                "它在那里汇总一批中的所有行；这里只汇总这一次运行，列表中只有一项。"
            ),
            "Use an evaluation to compare many runs.": "要比较多次运行，请使用评估。",
            "Its code asks for {modules}, which code has no access to here.": (
                "它的代码需要 {modules}，这里的代码无法使用。"
            ),
            "It fails when it runs. Use the HTTP request, Read a page or Model block for that part.": (
                "运行时会出错。那一部分请使用“HTTP 请求”“读取网页”或“模型”模块。"
            ),
            "It gives its pieces one by one, so a second reader gets nothing there. Here all get all.": (
                "它逐块给出内容，在那里第二个读取者什么也得不到；这里所有读取者都得到全部。"
            ),
            "You notice it where two steps read it.": "有两个步骤读取它时才会察觉。",
            "Its code needs the larger Python, which runs on Linux only.": (
                "它的代码需要较大的 Python，只能在 Linux 上运行。"
            ),
            "Elsewhere the block says so. Simpler code runs everywhere.": (
                "在其他系统上模块会提示。更简单的代码到处都能运行。"
            ),
            "Its activate condition stands beside its variants, so it has no effect, there or here.": (
                "它的启用条件写在变体旁边，因此在那里和这里都不起作用。"
            ),
            "It runs each time. Move the condition into the variant to have it count.": (
                "它每次都会运行。要让条件生效，请把它移到变体里。"
            ),
            "Only its default variant came over, without {names}.": "只带过来了默认变体，没有 {names}。",
            "PromptFlow runs that one, too, unless told otherwise.": "除非另有指定，PromptFlow 运行的也是它。",
            "It takes a part right behind “output”, where PromptFlow fails. Here it gets that part.": (
                "它在“output”后直接取一部分，PromptFlow 会出错；这里能取到那一部分。"
            ),
            "You notice it where the flow failed before.": "原来出错的地方才会察觉。",
            "It searches by another provider here.": "这里通过另一个服务商搜索。",
            "Other pages may be found. Choose the provider in the block.": (
                "找到的网页可能不同。请在模块中选择服务商。"
            ),
            "Add the documents that “{step}” searches.": "请添加“{step}”要搜索的文档。",
            "Open its block and add them; the index of PromptFlow stays there.": (
                "打开它的模块添加文档；PromptFlow 的索引留在那里。"
            ),
            "It searches documents that you add here, not the index that PromptFlow used.": (
                "它搜索您在这里添加的文档，而不是 PromptFlow 用的索引。"
            ),
            "Passages are chosen by another measure, so others may be found.": (
                "段落按另一种标准选取，找到的可能不同。"
            ),
            "This flow refers to “{name}”, which isn’t in it.": "此流程引用了“{name}”，但其中没有它。",
            "PromptFlow can’t load it either. Mend the flow there, then import it again.": (
                "PromptFlow 也无法加载它。请在那里修好流程，然后重新导入。"
            ),
            "Some steps of this flow wait for each other, so PromptFlow can’t run it either.": (
                "此流程的一些步骤互相等待，PromptFlow 也无法运行它。"
            ),
            "Remove a connection in PromptFlow, then import it again.": (
                "请在 PromptFlow 中去掉一个连接，然后重新导入。"
            ),
            "A role right behind a tag isn’t seen, there or here, so its words belong to the message before.": (
                "紧跟在标签后面的角色在那里和这里都不会被识别，因此它的文字属于前一条消息。"
            ),
            "Write an empty line between the tag and the role to have a message of its own.": (
                "要让它成为单独的消息，请在标签和角色之间空一行。"
            ),
        },
        "fr": {
            "This flow takes a part of the input “{name}”, which PromptFlow can’t load either.": (
                "Ce flux prend une partie de l’entrée « {name} », ce que PromptFlow ne sait pas charger non plus."
            ),
            "Have it take the whole input, then import it again.": (
                "Faites-lui prendre l’entrée entière, puis importez-le à nouveau."
            ),
            "“{name}” has no default variant, so PromptFlow can’t load this flow either.": (
                "« {name} » n’a pas de variante par défaut, PromptFlow ne peut donc pas charger ce flux non plus."
            ),
            "Choose its default variant in PromptFlow, then import it again.": (
                "Choisissez sa variante par défaut dans PromptFlow, puis importez-le à nouveau."
            ),
            "PromptFlow turns what a data file lacks into the word “nan”, and numbers in texts into “5.0”.": (
                "PromptFlow remplace ce qui manque dans un fichier de données par « nan », et les nombres des "
                "colonnes de texte par « 5.0 »."
            ),
            "Flowloom asks for what is missing, and leaves numbers as they are.": (
                "Flowloom demande ce qui manque et laisse les nombres tels quels."
            ),
            "It refers to a step that sums up a batch, so PromptFlow leaves it out in silence, like us.": (
                "Elle renvoie à une étape qui résume un lot ; PromptFlow l’omet en silence, nous aussi."
            ),
            "Look at that step’s own result under Runs.": "Consultez le résultat de cette étape sous Exécutions.",
            "The answer shows the output of the chat alone.": (
                "La réponse ne montre que la sortie de la discussion."
            ),
            "Look at the other outputs under Runs, or connect them to the answer.": (
                "Consultez les autres sorties sous Exécutions, ou reliez-les à la réponse."
            ),
            "Where its step doesn’t run, PromptFlow fails. Here there is no answer then.": (
                "Si son étape ne s’exécute pas, PromptFlow échoue. Ici, il n’y a alors pas de réponse."
            ),
            "You notice it where the step was passed over.": "Cela se voit quand l’étape a été sautée.",
            "It is asked for by a form at each message.": "Un formulaire la demande à chaque message.",
            "Remove the form and write the value into its block where it never changes.": (
                "Si la valeur ne change jamais, supprimez le formulaire et écrivez-la dans son bloc."
            ),
            "The connection “{name}” stays with PromptFlow.": "La connexion « {name} » reste dans PromptFlow.",
            "Add the key of its vendor under Models, and check which model the blocks use.": (
                "Ajoutez la clé de son fournisseur sous Modèles et vérifiez quel modèle les blocs utilisent."
            ),
            "Its prompt “{path}” wasn’t brought along or is empty.": (
                "Son prompt « {path} » n’a pas été apporté ou est vide."
            ),
            "Import the whole folder, or write the prompt in the block.": (
                "Importez le dossier entier, ou écrivez le prompt dans le bloc."
            ),
            "Its prompt makes its messages in a loop, or names no roles, so it is sent as one message.": (
                "Son prompt crée ses messages dans une boucle ou ne nomme aucun rôle, il est donc envoyé en un "
                "seul message."
            ),
            "You notice it where the model takes instructions and examples apart. Write them as messages.": (
                "Cela se voit quand le modèle distingue consignes et exemples. Écrivez-les comme messages."
            ),
            "The model was offered functions written as JSON, which it isn’t here.": (
                "Le modèle disposait de fonctions écrites en JSON, ce qui n’est pas le cas ici."
            ),
            "It answers in words. Connect tools to an Agent block instead.": (
                "Il répond en texte. Reliez plutôt des outils à un bloc Agent."
            ),
            "These settings of the model didn’t come over: {names}.": (
                "Ces réglages du modèle n’ont pas été repris : {names}."
            ),
            "Answers may be longer, or vary in another way.": (
                "Les réponses peuvent être plus longues, ou varier autrement."
            ),
            "Its prompt uses something that templates can’t do here.": (
                "Son prompt utilise quelque chose que les modèles de texte ne savent pas faire ici."
            ),
            "The block says what; rewrite that part.": "Le bloc indique quoi ; réécrivez cette partie.",
            "“{step}” used the connection “{name}”, which stays with PromptFlow.": (
                "« {step} » utilisait la connexion « {name} », qui reste dans PromptFlow."
            ),
            "Set up that service here, and use its block in place of the code that calls it.": (
                "Configurez ce service ici et utilisez son bloc à la place du code qui l’appelle."
            ),
            "Its file “{path}” wasn’t brought along or can’t be read, so its code is missing.": (
                "Son fichier « {path} » n’a pas été apporté ou est illisible, son code manque donc."
            ),
            "Import the whole folder, or write the code in the block.": (
                "Importez le dossier entier, ou écrivez le code dans le bloc."
            ),
            "It sums up all lines of a batch there. Here it sums up the one run, as a list of one.": (
                "Là-bas, elle résume toutes les lignes d’un lot. Ici, elle résume la seule exécution, comme "
                "une liste d’un élément."
            ),
            "Use an evaluation to compare many runs.": (
                "Pour comparer plusieurs exécutions, utilisez une évaluation."
            ),
            "Its code asks for {modules}, which code has no access to here.": (
                "Son code demande {modules}, auxquels le code n’a pas accès ici."
            ),
            "It fails when it runs. Use the HTTP request, Read a page or Model block for that part.": (
                "Il échoue à l’exécution. Utilisez le bloc Requête HTTP, Lire une page ou Modèle pour cette partie."
            ),
            "It gives its pieces one by one, so a second reader gets nothing there. Here all get all.": (
                "Elle livre ses morceaux un à un, un second lecteur n’y reçoit donc rien. Ici, chacun reçoit tout."
            ),
            "You notice it where two steps read it.": "Cela se voit quand deux étapes la lisent.",
            "Its code needs the larger Python, which runs on Linux only.": (
                "Son code demande le Python complet, qui ne tourne que sous Linux."
            ),
            "Elsewhere the block says so. Simpler code runs everywhere.": (
                "Ailleurs, le bloc le signale. Un code plus simple tourne partout."
            ),
            "Its activate condition stands beside its variants, so it has no effect, there or here.": (
                "Sa condition d’activation se trouve à côté de ses variantes, elle est donc sans effet, là-bas "
                "comme ici."
            ),
            "It runs each time. Move the condition into the variant to have it count.": (
                "Elle s’exécute à chaque fois. Déplacez la condition dans la variante pour qu’elle compte."
            ),
            "Only its default variant came over, without {names}.": (
                "Seule sa variante par défaut a été reprise, sans {names}."
            ),
            "PromptFlow runs that one, too, unless told otherwise.": (
                "PromptFlow exécute aussi celle-là, sauf indication contraire."
            ),
            "It takes a part right behind “output”, where PromptFlow fails. Here it gets that part.": (
                "Elle prend une partie juste après « output », où PromptFlow échoue. Ici, elle obtient cette "
                "partie."
            ),
            "You notice it where the flow failed before.": "Cela se voit là où le flux échouait auparavant.",
            "It searches by another provider here.": "La recherche passe ici par un autre fournisseur.",
            "Other pages may be found. Choose the provider in the block.": (
                "D’autres pages peuvent être trouvées. Choisissez le fournisseur dans le bloc."
            ),
            "Add the documents that “{step}” searches.": "Ajoutez les documents que « {step} » parcourt.",
            "Open its block and add them; the index of PromptFlow stays there.": (
                "Ouvrez son bloc et ajoutez-les ; l’index de PromptFlow y reste."
            ),
            "It searches documents that you add here, not the index that PromptFlow used.": (
                "Elle parcourt les documents que vous ajoutez ici, pas l’index utilisé par PromptFlow."
            ),
            "Passages are chosen by another measure, so others may be found.": (
                "Les passages sont choisis selon une autre mesure, d’autres peuvent donc être trouvés."
            ),
            "This flow refers to “{name}”, which isn’t in it.": "Ce flux renvoie à « {name} », qui n’y figure pas.",
            "PromptFlow can’t load it either. Mend the flow there, then import it again.": (
                "PromptFlow ne peut pas le charger non plus. Corrigez le flux là-bas, puis importez-le à nouveau."
            ),
            "Some steps of this flow wait for each other, so PromptFlow can’t run it either.": (
                "Des étapes de ce flux s’attendent mutuellement, PromptFlow ne peut donc pas l’exécuter non plus."
            ),
            "Remove a connection in PromptFlow, then import it again.": (
                "Supprimez une connexion dans PromptFlow, puis importez-le à nouveau."
            ),
            "A role right behind a tag isn’t seen, there or here, so its words belong to the message before.": (
                "Un rôle juste après une balise n’est pas vu, là-bas comme ici ; ses mots appartiennent donc "
                "au message précédent."
            ),
            "Write an empty line between the tag and the role to have a message of its own.": (
                "Laissez une ligne vide entre la balise et le rôle pour en faire un message à part."
            ),
        },
    }
)
