"""The canvas's words in other languages, beside the code that says them."""

TRANSLATIONS = {
    "fr": {
        "Canvas": "Plan de travail",
        "Blocks": "Blocs",
        "Search blocks": "Chercher un bloc",
        "No block is called “{query}”.": "Aucun bloc ne s’appelle « {query} ».",
        "Show blocks": "Afficher les blocs",
        "Hide blocks": "Masquer les blocs",
        "Add {name}": "Ajouter {name}",
        "Add a block": "Ajouter un bloc",
        "Start weaving": "Commencez à tisser",
        "Drag a block from the left onto this space, or click one to add it.": (
            "Glissez un bloc depuis la gauche, ou cliquez dessus pour l’ajouter."
        ),
        "Tap “Add a block” and choose one.": "Touchez « Ajouter un bloc » et choisissez-en un.",
        "Then join the dot on its right to the dot on the left of the next block.": (
            "Reliez ensuite le point à sa droite au point à gauche du bloc suivant."
        ),
        "Opening the canvas…": "Ouverture du plan de travail…",
        "Saved": "Enregistré",
        "Saving…": "Enregistrement…",
        "Offline, {count} changes kept": "Hors ligne, modifications gardées : {count}",
        "Connecting again…": "Reconnexion…",
        "Zoom in": "Agrandir",
        "Zoom out": "Réduire",
        "Show everything": "Tout afficher",
        "Undo": "Annuler",
        "Redo": "Rétablir",
        "Map of the flow": "Carte du flux",
        "Canvas tools": "Outils du plan de travail",
        "Remove this line": "Supprimer ce lien",
        "What is selected": "La sélection",
        "Remove": "Supprimer",
        "Duplicate": "Dupliquer",
        "Rename": "Renommer",
        "Name of the block": "Nom du bloc",
        "Edit the note": "Modifier la note",
        "Double-click to write a note": "Double-cliquez pour écrire une note",
        "As a tool": "Comme outil",
        "This block is not installed here": "Ce bloc n’est pas installé ici",
        "Input “{port}” of {node}: {type}": "Entrée « {port} » de {node} : {type}",
        "Output “{port}” of {node}: {type}": "Sortie « {port} » de {node} : {type}",
        "required": "obligatoire",
        "Line from {from} to {to}": "Lien de {from} vers {to}",
        "Enter selects this block, the arrow keys move it, Delete removes it, F2 renames it.": (
            "Entrée sélectionne ce bloc, les flèches le déplacent, Suppr le supprime, F2 le renomme."
        ),
        "Enter selects this line, Delete removes it.": "Entrée sélectionne ce lien, Suppr le supprime.",
        "{count} problems": "{count} problèmes",
        "Waiting": "En attente",
        "Running": "En cours",
        "Done": "Terminé",
        "Failed": "Échec",
        "Skipped": "Passé",
        "{seconds} s": "{seconds} s",
        "{from} gives {from_type}, but {to} needs {to_type}.": (
            "{from} donne {from_type}, mais {to} attend {to_type}."
        ),
        "A block cannot be joined to itself.": "Un bloc ne peut pas être relié à lui-même.",
        "This would make a loop. Loops come with a later version.": (
            "Cela formerait une boucle. Les boucles viendront dans une prochaine version."
        ),
        "Join an output on the right of a block to an input on the left of another.": (
            "Reliez une sortie, à droite d’un bloc, à une entrée, à gauche d’un autre."
        ),
        "{count} blocks copied": "Blocs copiés : {count}",
        "View only": "Lecture seule",
        "A change could not be saved.": "Une modification n’a pas pu être enregistrée.",
    },
    "zh": {
        "Canvas": "画布",
        "Blocks": "积木",
        "Search blocks": "搜索积木",
        "No block is called “{query}”.": "没有名为“{query}”的积木。",
        "Show blocks": "显示积木",
        "Hide blocks": "隐藏积木",
        "Add {name}": "添加{name}",
        "Add a block": "添加积木",
        "Start weaving": "开始编织",
        "Drag a block from the left onto this space, or click one to add it.": (
            "从左侧拖一块积木到这里，或点击它来添加。"
        ),
        "Tap “Add a block” and choose one.": "点按“添加积木”并选择一块。",
        "Then join the dot on its right to the dot on the left of the next block.": (
            "然后把它右侧的圆点连到下一块积木左侧的圆点。"
        ),
        "Opening the canvas…": "正在打开画布…",
        "Saved": "已保存",
        "Saving…": "正在保存…",
        "Offline, {count} changes kept": "离线，已保留 {count} 处更改",
        "Connecting again…": "正在重新连接…",
        "Zoom in": "放大",
        "Zoom out": "缩小",
        "Show everything": "显示全部",
        "Undo": "撤销",
        "Redo": "重做",
        "Map of the flow": "流程地图",
        "Canvas tools": "画布工具",
        "Remove this line": "删除这条连线",
        "What is selected": "所选内容",
        "Remove": "删除",
        "Duplicate": "复制一份",
        "Rename": "重命名",
        "Name of the block": "积木名称",
        "Edit the note": "编辑便签",
        "Double-click to write a note": "双击即可书写便签",
        "As a tool": "作为工具",
        "This block is not installed here": "此处未安装这种积木",
        "Input “{port}” of {node}: {type}": "{node}的输入“{port}”：{type}",
        "Output “{port}” of {node}: {type}": "{node}的输出“{port}”：{type}",
        "required": "必填",
        "Line from {from} to {to}": "从{from}到{to}的连线",
        "Enter selects this block, the arrow keys move it, Delete removes it, F2 renames it.": (
            "回车键选中此积木，方向键移动，Delete 键删除，F2 键重命名。"
        ),
        "Enter selects this line, Delete removes it.": "回车键选中此连线，Delete 键删除。",
        "{count} problems": "{count} 个问题",
        "Waiting": "等待中",
        "Running": "运行中",
        "Done": "完成",
        "Failed": "失败",
        "Skipped": "已跳过",
        "{seconds} s": "{seconds} 秒",
        "{from} gives {from_type}, but {to} needs {to_type}.": (
            "{from}给出的是{from_type}，而{to}需要{to_type}。"
        ),
        "A block cannot be joined to itself.": "积木不能与自身相连。",
        "This would make a loop. Loops come with a later version.": (
            "这样会形成循环。循环将在以后的版本中提供。"
        ),
        "Join an output on the right of a block to an input on the left of another.": (
            "请把一块积木右侧的输出连到另一块左侧的输入。"
        ),
        "{count} blocks copied": "已复制 {count} 块积木",
        "View only": "仅查看",
        "A change could not be saved.": "有一处更改未能保存。",
    },
}
