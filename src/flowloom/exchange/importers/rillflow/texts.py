"""The report of Rill-Flow imports in Chinese and French."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "The service answers this request later, by a call of its own; here its first answer counts.": (
                "该服务稍后会另行回调；这里以它的第一次回应为准。"
            ),
            "You notice it where the result only comes with that call.": "如果结果只在回调中才有，你会注意到。",
            "A script that changes a value isn’t read here.": "这里无法读取改变某个值的脚本。",
            "Write the same in Python in a Run code block.": "请在“运行代码”模块里用 Python 写同样的内容。",
            "The flow waits for a signal from outside there; here it waits for a person.": (
                "原流程在此等待外部信号；这里等待人来确认。"
            ),
            "Somebody has to confirm before it goes on.": "需要有人确认才会继续。",
            "A condition isn’t read here, so this path is never taken.": (
                "这里无法读取一个条件，因此这条路径永远不会走。"
            ),
            "Set its condition in the block.": "请在模块里设置条件。",
            "Replace “{name}”, which Rill-Flow runs elsewhere.": "请替换“{name}”，Rill-Flow 在别处运行它。",
            "Import the flow it calls and choose it in a GPT as a block, or use other blocks that do the same.": (
                "请导入它调用的流程并在“GPT 模块”里选择它，或使用功能相同的其他模块。"
            ),
        },
        "fr": {
            "The service answers this request later, by a call of its own; here its first answer counts.": (
                "Le service répond plus tard, par un appel à lui\u202f; ici, c’est sa première réponse qui compte."
            ),
            "You notice it where the result only comes with that call.": (
                "Vous le remarquez là où le résultat n’arrive qu’avec cet appel."
            ),
            "A script that changes a value isn’t read here.": "Un script qui modifie une valeur n’est pas lu ici.",
            "Write the same in Python in a Run code block.": (
                "Écrivez la même chose en Python dans un bloc Exécuter du code."
            ),
            "The flow waits for a signal from outside there; here it waits for a person.": (
                "Le flux y attend un signal de l’extérieur\u202f; ici, il attend une personne."
            ),
            "Somebody has to confirm before it goes on.": "Quelqu’un doit confirmer avant qu’il continue.",
            "A condition isn’t read here, so this path is never taken.": (
                "Une condition n’est pas lue ici, ce chemin n’est donc jamais pris."
            ),
            "Set its condition in the block.": "Réglez sa condition dans le bloc.",
            "Replace “{name}”, which Rill-Flow runs elsewhere.": (
                "Remplacez «\u202f{name}\u202f», que Rill-Flow exécute ailleurs."
            ),
            "Import the flow it calls and choose it in a GPT as a block, or use other blocks that do the same.": (
                "Importez le flux qu’il appelle et choisissez-le dans un GPT en un bloc, ou utilisez d’autres "
                "blocs "
                "qui font de même."
            ),
        },
    }
)
