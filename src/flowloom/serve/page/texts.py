"""Every word of the page, in its three languages; the sources of the page name them by key."""

TEXTS: dict[str, tuple[str, str, str]] = {
    "no_script": (
        "This page needs JavaScript. Switch it on in your browser, then reload.",
        "此页面需要 JavaScript。请在浏览器中启用它，然后重新加载。",
        "Cette page a besoin de JavaScript. Activez-le dans votre navigateur, puis rechargez la page.",
    ),
    "skip": (
        "Skip to the message box",
        "跳到消息输入框",
        "Aller à la zone de message",
    ),
    "conversations": (
        "Conversations",
        "对话",
        "Conversations",
    ),
    "conversation": (
        "Conversation",
        "对话内容",
        "Conversation en cours",
    ),
    "new_chat": (
        "New chat",
        "新对话",
        "Nouvelle conversation",
    ),
    "no_chats": (
        "Your conversations appear here.",
        "您的对话会显示在这里。",
        "Vos conversations apparaissent ici.",
    ),
    "untitled": (
        "Files",
        "文件",
        "Fichiers",
    ),
    "delete": (
        "Delete",
        "删除",
        "Supprimer",
    ),
    "delete_chat": (
        "Delete “{title}”",
        "删除“{title}”",
        "Supprimer « {title} »",
    ),
    "deleted": (
        "The conversation was deleted.",
        "对话已删除。",
        "La conversation a été supprimée.",
    ),
    "deleted_all": (
        "All your data here was deleted.",
        "您在这里的所有数据都已删除。",
        "Toutes vos données ici ont été supprimées.",
    ),
    "buy": (
        "Buy",
        "购买",
        "Acheter",
    ),
    "close": (
        "Close",
        "关闭",
        "Fermer",
    ),
    "cancel": (
        "Cancel",
        "取消",
        "Annuler",
    ),
    "starters": (
        "Conversation starters",
        "对话开场白",
        "Exemples de questions",
    ),
    "message_to": (
        "Message {name}",
        "给 {name} 发消息",
        "Message à {name}",
    ),
    "your_message": (
        "Your message",
        "您的消息",
        "Votre message",
    ),
    "send": (
        "Send",
        "发送",
        "Envoyer",
    ),
    "stop": (
        "Stop",
        "停止",
        "Arrêter",
    ),
    "edit": (
        "Edit",
        "编辑",
        "Modifier",
    ),
    "resend": (
        "Send again",
        "重新发送",
        "Renvoyer",
    ),
    "you": (
        "You",
        "您",
        "Vous",
    ),
    "speak": (
        "Speak your message",
        "说出您的消息",
        "Dicter votre message",
    ),
    "stop_recording": (
        "Finish speaking",
        "结束说话",
        "Terminer la dictée",
    ),
    "recording": (
        "Listening…",
        "正在聆听…",
        "Écoute…",
    ),
    "understanding": (
        "Writing down what you said…",
        "正在转写您说的话…",
        "Transcription en cours…",
    ),
    "voice_message": (
        "Voice message",
        "语音消息",
        "Message vocal",
    ),
    "no_microphone": (
        "The microphone can’t be used.",
        "无法使用麦克风。",
        "Le micro ne peut pas être utilisé.",
    ),
    "no_microphone_hint": (
        "Allow it in your browser, or type your message.",
        "请在浏览器中允许使用麦克风，或输入消息。",
        "Autorisez-le dans votre navigateur, ou écrivez votre message.",
    ),
    "add_files": (
        "Add files",
        "添加文件",
        "Ajouter des fichiers",
    ),
    "adding": (
        "Adding…",
        "正在添加…",
        "Ajout…",
    ),
    "files": (
        "Files",
        "文件",
        "Fichiers",
    ),
    "remove_file": (
        "Remove “{name}”",
        "移除“{name}”",
        "Retirer « {name} »",
    ),
    "save_file": (
        "Save “{name}”",
        "保存“{name}”",
        "Enregistrer « {name} »",
    ),
    "many_files": (
        "That is too many files for one message.",
        "一条消息中的文件太多了。",
        "Cela fait trop de fichiers pour un message.",
    ),
    "many_files_hint": (
        "Send the others with your next message.",
        "请随下一条消息发送其余文件。",
        "Envoyez les autres avec votre prochain message.",
    ),
    "copy": (
        "Copy",
        "复制",
        "Copier",
    ),
    "copy_code": (
        "Copy code",
        "复制代码",
        "Copier le code",
    ),
    "copied": (
        "Copied",
        "已复制",
        "Copié",
    ),
    "good": (
        "Good answer",
        "回答得好",
        "Bonne réponse",
    ),
    "bad": (
        "Bad answer",
        "回答得不好",
        "Mauvaise réponse",
    ),
    "thanks": (
        "Thank you.",
        "谢谢。",
        "Merci.",
    ),
    "again": (
        "Ask again",
        "再问一次",
        "Redemander",
    ),
    "thinking": (
        "Thinking…",
        "正在思考…",
        "Réflexion…",
    ),
    "slow": (
        "This takes longer than usual. You can wait or stop it.",
        "这比平时要久。您可以继续等待或将其停止。",
        "C’est plus long que d’habitude. Vous pouvez attendre ou arrêter.",
    ),
    "loading": (
        "Opening the conversation…",
        "正在打开对话…",
        "Ouverture de la conversation…",
    ),
    "stopped": (
        "Stopped.",
        "已停止。",
        "Arrêté.",
    ),
    "interrupted": (
        "This answer was interrupted.",
        "此回答被中断了。",
        "Cette réponse a été interrompue.",
    ),
    "answer_ready": (
        "The answer is complete.",
        "回答已完成。",
        "La réponse est complète.",
    ),
    "asks_you": (
        "There is a question for you.",
        "有一个问题需要您回答。",
        "Une question vous est posée.",
    ),
    "reconnecting": (
        "Connection lost. Trying again…",
        "连接已断开，正在重试…",
        "Connexion perdue. Nouvel essai…",
    ),
    "offline": (
        "You seem to be offline.",
        "您似乎已离线。",
        "Vous semblez être hors ligne.",
    ),
    "offline_hint": (
        "Check your connection, then try again.",
        "请检查网络连接，然后重试。",
        "Vérifiez votre connexion, puis réessayez.",
    ),
    "failed": (
        "Something went wrong.",
        "出了点问题。",
        "Un problème est survenu.",
    ),
    "failed_hint": (
        "Try again in a minute.",
        "请稍后再试。",
        "Réessayez dans une minute.",
    ),
    "sources": (
        "Sources",
        "来源",
        "Sources citées",
    ),
    "show_source": (
        "Show source {number}",
        "显示来源 {number}",
        "Afficher la source {number}",
    ),
    "page_of": (
        "{file}, p. {page}",
        "{file}，第 {page} 页",
        "{file}, p. {page}",
    ),
    "protected": (
        "The text of this document isn’t shown here.",
        "此文档的内容不在这里显示。",
        "Le texte de ce document n’est pas affiché ici.",
    ),
    "code": (
        "Code",
        "代码",
        "Code source",
    ),
    "table": (
        "Table",
        "表格",
        "Tableau",
    ),
    "task": (
        "Task",
        "任务",
        "Tâche",
    ),
    "picture": (
        "Picture",
        "图片",
        "Image",
    ),
    "picture_named": (
        "Picture: {name}",
        "图片：{name}",
        "Image : {name}",
    ),
    "comment": (
        "Comment (optional)",
        "备注（可选）",
        "Commentaire (facultatif)",
    ),
    "optional": (
        "(optional)",
        "（可选）",
        "(facultatif)",
    ),
    "fill_in": (
        "Please fill this in.",
        "请填写此项。",
        "Veuillez remplir ce champ.",
    ),
    "answer_by": (
        "Answer by {when}",
        "请在 {when} 前回答",
        "Répondez avant le {when}",
    ),
    "my_data": (
        "Your data",
        "您的数据",
        "Vos données",
    ),
    "data_yours": (
        (
            "Your conversations belong to you. Other visitors can’t see them, and the app doesn’t "
            "show them to the person who made this GPT, unless you share one."
        ),
        "您的对话只属于您。其他访客看不到，应用也不会把它们显示给制作此 GPT 的人，除非您主动分享某个对话。",
        (
            "Vos conversations sont à vous. Les autres visiteurs ne les voient pas, et l’application "
            "ne les montre pas à la personne qui a créé ce GPT, sauf si vous en partagez une."
        ),
    ),
    "chat_options": (
        "This conversation",
        "此对话",
        "Cette conversation",
    ),
    "shared_options": (
        "Shared. This conversation",
        "已分享。此对话",
        "Partagée. Cette conversation",
    ),
    "share": (
        "Share with whoever made this GPT",
        "分享给制作此 GPT 的人",
        "Partager avec la personne qui a créé ce GPT",
    ),
    "share_means": (
        (
            "If you share it, whoever made “{name}” can read this conversation as it is and what is "
            "still said in it, with the names of its files; you can stop that at any time."
        ),
        (
            "分享后，制作“{name}”的人可以阅读此对话的现有内容以及之后的内容，并看到其中文件的名称；"
            "您可以随时停止分享。"
        ),
        (
            "Si vous la partagez, la personne qui a créé « {name} » peut lire cette conversation telle "
            "qu’elle est et ce qui s’y dira encore, avec les noms de ses fichiers ; vous pouvez y mettre "
            "fin à tout moment."
        ),
    ),
    "shared": (
        "Shared",
        "已分享",
        "Partagée",
    ),
    "shared_now": (
        (
            "Whoever made “{name}” can read this conversation and what is still said in it, with the "
            "names of its files. They don’t see who you are unless you wrote it."
        ),
        "制作“{name}”的人可以阅读此对话以及之后的内容，并看到其中文件的名称。除非您在对话中写过，他们看不到您是谁。",
        (
            "La personne qui a créé « {name} » peut lire cette conversation et ce qui s’y dira encore, "
            "avec les noms de ses fichiers. Elle ne voit pas qui vous êtes, sauf si vous l’avez écrit."
        ),
    ),
    "stop_sharing": (
        "Stop sharing",
        "停止分享",
        "Ne plus partager",
    ),
    "said_shared": (
        "This conversation is shared now.",
        "此对话现已分享。",
        "Cette conversation est maintenant partagée.",
    ),
    "said_unshared": (
        "This conversation is yours alone again.",
        "此对话现在又只属于您。",
        "Cette conversation est de nouveau réservée à vous.",
    ),
    "data_server": (
        (
            "They are kept on the computer this page comes from. Whoever runs that computer could "
            "read its database. What you delete is gone at once; only the last seven daily backups of "
            "that computer can still hold it."
        ),
        "对话保存在提供此页面的计算机上。管理该计算机的人可能读取其数据库。您删除的内容会立即消失；只有该计算机最近七份每日备份中可能还有。",
        (
            "Elles sont gardées sur l’ordinateur qui fournit cette page. La personne qui le gère "
            "pourrait lire sa base de données. Ce que vous supprimez disparaît aussitôt ; seules les "
            "sept dernières sauvegardes quotidiennes de cet ordinateur peuvent encore le contenir."
        ),
    ),
    "data_hosts": (
        "To answer, this GPT can send what you write to: {hosts}.",
        "为了回答，此 GPT 可能会把您写的内容发送到：{hosts}。",
        "Pour répondre, ce GPT peut envoyer ce que vous écrivez à : {hosts}.",
    ),
    "data_nowhere": (
        "To answer, this GPT sends what you write to no other computer.",
        "为了回答，此 GPT 不会把您写的内容发送到其他计算机。",
        "Pour répondre, ce GPT n’envoie ce que vous écrivez à aucun autre ordinateur.",
    ),
    "data_browser": (
        (
            "This browser keeps a random key that tells which conversations are yours. On another "
            "device, or after you clear this browser’s data, you can’t open them any more."
        ),
        "此浏览器保存了一个随机密钥，用来识别哪些对话是您的。换一台设备或清除浏览器数据后，将无法再打开它们。",
        (
            "Ce navigateur garde une clé aléatoire qui indique quelles conversations sont les vôtres. "
            "Sur un autre appareil, ou si vous effacez les données du navigateur, vous ne pourrez "
            "plus les ouvrir."
        ),
    ),
    "download_words": (
        "Download to read",
        "下载阅读版",
        "Télécharger pour lire",
    ),
    "download_json": (
        "Download as data",
        "下载数据版",
        "Télécharger les données",
    ),
    "delete_mine": (
        "Delete all my data",
        "删除我的所有数据",
        "Supprimer toutes mes données",
    ),
    "delete_sure": (
        (
            "All your conversations with this GPT, their files and what it remembers about you will "
            "be deleted. This can’t be undone."
        ),
        "您与此 GPT 的所有对话、其中的文件以及它记住的关于您的信息都将被删除。此操作无法撤销。",
        (
            "Toutes vos conversations avec ce GPT, leurs fichiers et ce dont il se souvient de vous "
            "seront supprimés. C’est définitif."
        ),
    ),
    "delete_yes": (
        "Delete everything",
        "全部删除",
        "Tout supprimer",
    ),
    "get_copy": (
        "Get a copy of this GPT",
        "获取此 GPT 的副本",
        "Obtenir une copie de ce GPT",
    ),
    "saved_answer": (
        "A saved answer from the person who made this GPT",
        "此 GPT 的制作者保存的回答",
        "Une réponse enregistrée par la personne qui a créé ce GPT",
    ),
    "practice": (
        "The practice model answers here. This isn’t a real AI: it follows simple rules.",
        "这里由练习模型回答。它不是真正的 AI，只遵循简单的规则。",
        ("Ici, c’est le modèle d’entraînement qui répond. Ce n’est pas une vraie IA : il suit des règles simples."),
    ),
    "may_err": (
        "Answers can be wrong.",
        "回答可能有误。",
        "Les réponses peuvent contenir des erreurs.",
    ),
    "made_with": (
        "Made with Flowloom",
        "由 Flowloom 制作",
        "Créé avec Flowloom",
    ),
}


def texts_in(language: str) -> dict[str, str]:
    """All texts of one language by their keys."""
    place = ("en", "zh", "fr").index(language)
    return {key: texts[place] for key, texts in TEXTS.items()}
