"""What the importer of Langflow says, in the languages of the app."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "Its code was changed in Langflow. Flowloom never runs it and uses a block of its own.": (
                "它的代码在 Langflow 中被改过。Flowloom 从不运行它，而是使用自己的模块。"
            ),
            "You notice it where the change made a difference. Its code is in the original file.": (
                "改动起作用的地方才会察觉。代码在原文件中。"
            ),
            "It keeps the separator in each piece there; here it is left out.": (
                "在那里每一块都保留分隔符；这里会去掉。"
            ),
            "You notice it where the separator is a word or a sign.": "分隔符是词语或符号时才会察觉。",
            "Langflow fails on this pattern because of its braces. Here the text of each row is written.": (
                "由于花括号，Langflow 处理此格式会出错。这里写出每一行的文本。"
            ),
            "Change the template to write other columns.": "要写出其他列，请修改模板。",
            "Langflow writes data as a Markdown table or as JSON; here each row is JSON of its own.": (
                "Langflow 把数据写成 Markdown 表格或 JSON；这里每一行是单独的 JSON。"
            ),
            "Write a pattern in the template to lay it out.": "请在模板中写出格式。",
            "Add the documents that “{name}” searches.": "请添加“{name}”要搜索的文档。",
            "Open its block and add them; what Langflow stored stays there.": (
                "打开它的模块添加文档；Langflow 存储的内容留在那里。"
            ),
            "“{name}” only fills a store with documents. Here you add them to the Search knowledge block.": (
                "“{name}”只负责存入文档。在这里，您把文档添加到“搜索知识”模块。"
            ),
            "Add the same files there.": "请在那里添加同样的文件。",
            "The file of “{name}” stays with Langflow.": "“{name}”的文件保留在 Langflow 中。",
            "Attach it to your message, or paste its text into a Text block.": (
                "请把它附在消息里，或把内容粘贴到“文本”模块。"
            ),
            "It searches documents that you add here, by meaning and by words, not the store that Langflow used.": (
                "它按含义和词语搜索您在这里添加的文档，而不是 Langflow 用的存储。"
            ),
            "Other passages may be found.": "找到的段落可能不同。",
            "Documents are added by hand here, so it has no block.": "这里由您手动添加文档，所以它没有模块。",
            "Add the files to the Search knowledge block.": "请把文件添加到“搜索知识”模块。",
            "Flowloom chooses how documents are compared, so it has no block.": (
                "文档如何比较由 Flowloom 决定，所以它没有模块。"
            ),
            "Change it under Models if you like.": "需要时可在“模型”中更改。",
            "It reads the files that are attached to the message, not one that was stored.": (
                "它读取消息所附的文件，而不是存储的文件。"
            ),
            "Without an attached file its text is empty.": "没有附件时文本为空。",
            "Its limit of rounds is that of the loop here. There an empty text leaves at the limit.": (
                "这里它的轮数上限就是循环的上限；在那里到上限时给出空文本，或不起作用。"
            ),
            "You notice it where the loop doesn’t end by itself.": "循环不会自己结束时才会察觉。",
            "Spaces at the start and end of the text don’t count here.": "这里文本首尾的空格不算。",
            "You notice it where somebody writes a space before or after.": "有人在前后多写空格时才会察觉。",
            "It never runs in Langflow, so it was left out.": "它在 Langflow 中从不运行，所以略去了。",
            "The loop before it explains why.": "前面的循环说明了原因。",
            "An item that an If-Else stopped gives an empty row at the end, as it does there.": (
                "被 If-Else 拦下的一项最后给出空行，和在那里一样。"
            ),
            "You notice it where you count the rows. Leave empty ones out in the block behind the loop.": (
                "统计行数时才会察觉。请在循环后的模块里去掉空行。"
            ),
            "No line leads back into this loop, so in Langflow its inside never runs and it gives nothing.": (
                "没有连线回到这个循环，所以在 Langflow 中它的内部从不运行，也没有结果。"
            ),
            "Draw the line back there and import it again, or use a For each block.": (
                "请在那里画上回连的线再导入，或使用“逐项”模块。"
            ),
            "Its limit on the length of answers didn’t come over.": "它对回答长度的限制没有带过来。",
            "Answers may be longer here.": "这里的回答可能更长。",
            "Its tool “{name}” has no counterpart here, so it isn’t connected.": (
                "它的工具“{name}”在这里没有对应的模块，因此没有连接。"
            ),
            "Connect another tool to the agent.": "请给智能体连接另一个工具。",
            "“{name}” names no model that is known here, so it uses your default model.": (
                "“{name}”写的模型这里不认识，因此使用您的默认模型。"
            ),
            "Choose another one in its block if you like.": "需要时可在它的模块中另选。",
            "Add a key for {vendor} under Models.": "请在“模型”中添加 {vendor} 的密钥。",
            "Keys stay with Langflow.": "密钥保留在 Langflow 中。",
            "The model is asked for the fields in another way, and for one set of them.": (
                "这里用另一种方式向模型索取字段，且只取一组。"
            ),
            "You notice it where a text holds several; ask for a list then.": (
                "一段文本含有多组时才会察觉；那时请索取列表。"
            ),
            "The model is asked to choose in other words.": "这里用另外的措辞请模型选择。",
            "It may choose differently where two choices fit.": "两个选项都合适时，它可能选得不同。",
            "Results of tools reach the model as text here, as JSON there.": (
                "工具的结果在这里以文本交给模型，在那里以 JSON 交给模型。"
            ),
            "The model hardly ever answers differently for it.": "模型几乎不会因此答得不同。",
            "Langflow shows data as a table or as code; here it is shown as lines.": (
                "Langflow 以表格或代码显示数据；这里按行显示。"
            ),
            "Put a Template block before it to lay it out.": "要排版，请在它前面放一个“模板”模块。",
            "Langflow fails on this prompt because of its single braces. Here it is sent as it is written.": (
                "由于单花括号，Langflow 处理此提示词会出错。这里按原文发送。"
            ),
            "Write values to fill in as names in double braces.": "要填入的值请写成双花括号中的名称。",
            "Langflow writes a table into the prompt; here it is the text of each row.": (
                "Langflow 把表格写进提示词；这里是每一行的文本。"
            ),
            "Use a Template block to write other columns.": "要写出其他列，请使用“模板”模块。",
            "It searches by another provider here.": "这里通过另一个服务商搜索。",
            "Other pages may be found. Choose the provider in the block.": (
                "找到的网页可能不同。请在模块中选择服务商。"
            ),
            "Of the reply it gives the status and the content, without its headers.": (
                "它只给出回复的状态和内容，没有标头。"
            ),
            "You notice it where a block behind it reads them.": "后面的模块读取标头时才会察觉。",
            "It reads these pages alone, not those they link to.": "它只读取这些网页，不读取它们链接到的网页。",
            "Add the other pages to the documents of a Search knowledge block.": (
                "请把其他网页添加到“搜索知识”模块的文档中。"
            ),
            "Connect what “{name}” uses under Settings, then choose it in the block.": (
                "请在“设置”中连接“{name}”所用的服务，然后在模块中选择。"
            ),
            "Its address and password stay with Langflow.": "它的地址和密码保留在 Langflow 中。",
            "Its address comes from another block, and a request names its host itself here.": (
                "它的地址来自另一个模块，而这里的请求要自己写明主机。"
            ),
            "Write the address in the block, with names in double braces for what changes.": (
                "请在模块中写地址，变化的部分用双花括号中的名称。"
            ),
            "What it is connected to stays with Langflow.": "它所连接的内容保留在 Langflow 中。",
            "It works once you connect it here.": "在这里连接后即可使用。",
        },
        "fr": {
            "Its code was changed in Langflow. Flowloom never runs it and uses a block of its own.": (
                "Son code a été modifié dans Langflow. Flowloom ne l’exécute jamais et utilise un bloc à lui."
            ),
            "You notice it where the change made a difference. Its code is in the original file.": (
                "Cela se voit là où la modification comptait. Son code est dans le fichier d’origine."
            ),
            "It keeps the separator in each piece there; here it is left out.": (
                "Là-bas, chaque morceau garde le séparateur ; ici, il est omis."
            ),
            "You notice it where the separator is a word or a sign.": (
                "Cela se voit quand le séparateur est un mot ou un signe."
            ),
            "Langflow fails on this pattern because of its braces. Here the text of each row is written.": (
                "Langflow échoue sur ce motif à cause de ses accolades. Ici, le texte de chaque ligne est écrit."
            ),
            "Change the template to write other columns.": "Modifiez le modèle pour écrire d’autres colonnes.",
            "Langflow writes data as a Markdown table or as JSON; here each row is JSON of its own.": (
                "Langflow écrit les données en tableau Markdown ou en JSON ; ici, chaque ligne est un JSON à part."
            ),
            "Write a pattern in the template to lay it out.": (
                "Écrivez un motif dans le modèle pour la mise en forme."
            ),
            "Add the documents that “{name}” searches.": "Ajoutez les documents que « {name} » parcourt.",
            "Open its block and add them; what Langflow stored stays there.": (
                "Ouvrez son bloc et ajoutez-les ; ce que Langflow a stocké y reste."
            ),
            "“{name}” only fills a store with documents. Here you add them to the Search knowledge block.": (
                "« {name} » ne fait que remplir un stock de documents. Ici, vous les ajoutez au bloc Chercher "
                "dans les documents."
            ),
            "Add the same files there.": "Ajoutez-y les mêmes fichiers.",
            "The file of “{name}” stays with Langflow.": "Le fichier de « {name} » reste dans Langflow.",
            "Attach it to your message, or paste its text into a Text block.": (
                "Joignez-le à votre message, ou collez son texte dans un bloc Texte."
            ),
            "It searches documents that you add here, by meaning and by words, not the store that Langflow used.": (
                "Elle cherche, par le sens et par les mots, dans les documents que vous ajoutez ici, pas dans "
                "le stock de Langflow."
            ),
            "Other passages may be found.": "D’autres passages peuvent être trouvés.",
            "Documents are added by hand here, so it has no block.": (
                "Ici, les documents s’ajoutent à la main, il n’a donc pas de bloc."
            ),
            "Add the files to the Search knowledge block.": (
                "Ajoutez les fichiers au bloc Chercher dans les documents."
            ),
            "Flowloom chooses how documents are compared, so it has no block.": (
                "Flowloom choisit comment les documents sont comparés, il n’a donc pas de bloc."
            ),
            "Change it under Models if you like.": "Changez-le sous Modèles si vous le souhaitez.",
            "It reads the files that are attached to the message, not one that was stored.": (
                "Il lit les fichiers joints au message, pas un fichier stocké."
            ),
            "Without an attached file its text is empty.": "Sans fichier joint, son texte est vide.",
            "Its limit of rounds is that of the loop here. There an empty text leaves at the limit.": (
                "Sa limite de tours est ici celle de la boucle. Là-bas, elle donne un texte vide à la fin, ou "
                "reste sans effet."
            ),
            "You notice it where the loop doesn’t end by itself.": (
                "Cela se voit quand la boucle ne se termine pas d’elle-même."
            ),
            "Spaces at the start and end of the text don’t count here.": (
                "Ici, les espaces au début et à la fin du texte ne comptent pas."
            ),
            "You notice it where somebody writes a space before or after.": (
                "Cela se voit quand quelqu’un écrit une espace avant ou après."
            ),
            "It never runs in Langflow, so it was left out.": (
                "Il ne s’exécute jamais dans Langflow, il a donc été omis."
            ),
            "The loop before it explains why.": "La boucle qui le précède explique pourquoi.",
            "An item that an If-Else stopped gives an empty row at the end, as it does there.": (
                "Un élément arrêté par un If-Else donne une ligne vide à la fin, comme là-bas."
            ),
            "You notice it where you count the rows. Leave empty ones out in the block behind the loop.": (
                "Cela se voit quand vous comptez les lignes. Écartez les vides dans le bloc après la boucle."
            ),
            "No line leads back into this loop, so in Langflow its inside never runs and it gives nothing.": (
                "Aucune ligne ne revient dans cette boucle ; dans Langflow, son intérieur ne s’exécute jamais "
                "et elle ne donne rien."
            ),
            "Draw the line back there and import it again, or use a For each block.": (
                "Tracez-y la ligne de retour et importez à nouveau, ou utilisez un bloc Pour chaque."
            ),
            "Its limit on the length of answers didn’t come over.": (
                "Sa limite de longueur des réponses n’a pas été reprise."
            ),
            "Answers may be longer here.": "Les réponses peuvent être plus longues ici.",
            "Its tool “{name}” has no counterpart here, so it isn’t connected.": (
                "Son outil « {name} » n’a pas d’équivalent ici, il n’est donc pas relié."
            ),
            "Connect another tool to the agent.": "Reliez un autre outil à l’agent.",
            "“{name}” names no model that is known here, so it uses your default model.": (
                "« {name} » ne nomme aucun modèle connu ici, il utilise donc votre modèle par défaut."
            ),
            "Choose another one in its block if you like.": (
                "Choisissez-en un autre dans son bloc si vous le souhaitez."
            ),
            "Add a key for {vendor} under Models.": "Ajoutez une clé pour {vendor} sous Modèles.",
            "Keys stay with Langflow.": "Les clés restent dans Langflow.",
            "The model is asked for the fields in another way, and for one set of them.": (
                "Les champs sont demandés autrement au modèle, et pour un seul jeu."
            ),
            "You notice it where a text holds several; ask for a list then.": (
                "Cela se voit quand un texte en contient plusieurs ; demandez alors une liste."
            ),
            "The model is asked to choose in other words.": "Le choix est demandé au modèle en d’autres termes.",
            "It may choose differently where two choices fit.": (
                "Il peut choisir autrement quand deux choix conviennent."
            ),
            "Results of tools reach the model as text here, as JSON there.": (
                "Les résultats des outils arrivent au modèle en texte ici, en JSON là-bas."
            ),
            "The model hardly ever answers differently for it.": (
                "Le modèle ne répond presque jamais autrement pour autant."
            ),
            "Langflow shows data as a table or as code; here it is shown as lines.": (
                "Langflow montre les données en tableau ou en code ; ici, elles sont montrées en lignes."
            ),
            "Put a Template block before it to lay it out.": (
                "Placez un bloc Modèle de texte avant lui pour la mise en forme."
            ),
            "Langflow fails on this prompt because of its single braces. Here it is sent as it is written.": (
                "Langflow échoue sur ce prompt à cause de ses accolades simples. Ici, il est envoyé tel quel."
            ),
            "Write values to fill in as names in double braces.": (
                "Écrivez les valeurs à insérer comme des noms entre doubles accolades."
            ),
            "Langflow writes a table into the prompt; here it is the text of each row.": (
                "Langflow écrit un tableau dans le prompt ; ici, c’est le texte de chaque ligne."
            ),
            "Use a Template block to write other columns.": (
                "Utilisez un bloc Modèle de texte pour écrire d’autres colonnes."
            ),
            "It searches by another provider here.": "La recherche passe ici par un autre fournisseur.",
            "Other pages may be found. Choose the provider in the block.": (
                "D’autres pages peuvent être trouvées. Choisissez le fournisseur dans le bloc."
            ),
            "Of the reply it gives the status and the content, without its headers.": (
                "De la réponse, il donne le statut et le contenu, sans les en-têtes."
            ),
            "You notice it where a block behind it reads them.": "Cela se voit quand un bloc suivant les lit.",
            "It reads these pages alone, not those they link to.": (
                "Il ne lit que ces pages, pas celles vers lesquelles elles renvoient."
            ),
            "Add the other pages to the documents of a Search knowledge block.": (
                "Ajoutez les autres pages aux documents d’un bloc Chercher dans les documents."
            ),
            "Connect what “{name}” uses under Settings, then choose it in the block.": (
                "Connectez ce que « {name} » utilise sous Réglages, puis choisissez-le dans le bloc."
            ),
            "Its address and password stay with Langflow.": (
                "Son adresse et son mot de passe restent dans Langflow."
            ),
            "Its address comes from another block, and a request names its host itself here.": (
                "Son adresse vient d’un autre bloc, or une requête nomme ici elle-même son hôte."
            ),
            "Write the address in the block, with names in double braces for what changes.": (
                "Écrivez l’adresse dans le bloc, avec des noms entre doubles accolades pour ce qui change."
            ),
            "What it is connected to stays with Langflow.": "Ce à quoi il est connecté reste dans Langflow.",
            "It works once you connect it here.": "Il fonctionne dès que vous le connectez ici.",
        },
    }
)
