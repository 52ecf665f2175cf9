"""What is said of projects of Rivet, in the languages of people."""

from flowloom.locales import add_texts

add_texts(
    {
        "zh": {
            "A text without JSON stops the run here, instead of leaving by “No match”.": (
                "没有 JSON 的文本在这里会停止运行，而不是从“No match”传出。"
            ),
            "All cases that fit run, as in Rivet; each has a branch of its own here.": (
                "与 Rivet 一样，所有符合的情况都会运行；在这里每种情况有自己的分支。"
            ),
            "Code that leaves an output out gives an empty value here, instead of stopping what follows.": (
                "代码省略的输出在这里是空值，而不会停止后面的部分。"
            ),
            "Put what it does into a For each block, which takes all items.": (
                "请把它的内容放进“逐项执行”模块，它会处理所有项目。"
            ),
            "Rivet forgets a node’s own condition when it saves a project; here it counts.": (
                "Rivet 保存项目时会丢失节点自己的条件；在这里条件有效。"
            ),
            "Rivet’s If takes a condition that was skipped as false and lets that side run; here it stays off.": (
                "Rivet 的 If 把被跳过的条件当作假，并运行那一侧；在这里它不运行。"
            ),
            "The graph has several outputs; one of them is the answer here.": (
                "这个图有多个输出；其中一个作为这里的回答。"
            ),
            "The others are shown under Runs. Connect them to the answer if a person should read them.": (
                "其他输出可以在“运行记录”里看到。如果要给人看，请把它们连接到回答。"
            ),
            "You notice in the drawing: choose one Branch block if only the first should run.": (
                "差别在图上：如果只应运行第一个，请改用一个“分支”模块。"
            ),
            "You notice when a model answers in plain words.": "模型用普通文字回答时会注意到。",
            "You notice when blocks behind it should not run: add a Branch block.": (
                "后面的模块不应运行时会注意到：请添加“分支”模块。"
            ),
            "You notice when something runs in Rivet though its branch was not taken.": (
                "在 Rivet 里分支没走到却运行时会注意到。"
            ),
            "You notice where such a node ran in Rivet whatever its condition said.": (
                "这种节点在 Rivet 里不管条件如何都会运行，这时会注意到。"
            ),
            "“{name}” runs for each item of a list in Rivet, but stops in silence after {most}.": (
                "在 Rivet 里，“{name}”对列表的每一项运行，但到 {most} 项就不再继续，也不提示。"
            ),
        },
        "fr": {
            "A text without JSON stops the run here, instead of leaving by “No match”.": (
                "Un texte sans JSON arrête ici l’exécution, au lieu de sortir par « No match »."
            ),
            "All cases that fit run, as in Rivet; each has a branch of its own here.": (
                "Tous les cas qui conviennent s’exécutent, comme dans Rivet ; chacun a ici sa propre branche."
            ),
            "Code that leaves an output out gives an empty value here, instead of stopping what follows.": (
                "Une sortie que le code omet donne ici une valeur vide, au lieu d’arrêter la suite."
            ),
            "Put what it does into a For each block, which takes all items.": (
                "Mettez ce qu’il fait dans un bloc Pour chaque, qui prend tous les éléments."
            ),
            "Rivet forgets a node’s own condition when it saves a project; here it counts.": (
                "Rivet oublie la condition propre d’un nœud en enregistrant un projet ; ici, elle compte."
            ),
            "Rivet’s If takes a condition that was skipped as false and lets that side run; here it stays off.": (
                "Le If de Rivet prend une condition sautée pour fausse et exécute ce côté ; ici, il ne "
                "s’exécute pas."
            ),
            "The graph has several outputs; one of them is the answer here.": (
                "Le graphe a plusieurs sorties ; l’une d’elles est la réponse ici."
            ),
            "The others are shown under Runs. Connect them to the answer if a person should read them.": (
                "Les autres se lisent dans Exécutions. Reliez-les à la réponse si une personne doit les lire."
            ),
            "You notice in the drawing: choose one Branch block if only the first should run.": (
                "Cela se voit sur le dessin : prenez un seul bloc de branche si seul le premier doit s’exécuter."
            ),
            "You notice when a model answers in plain words.": (
                "Cela se voit quand un modèle répond par un texte simple."
            ),
            "You notice when blocks behind it should not run: add a Branch block.": (
                "Cela se voit quand la suite ne devrait pas s’exécuter : ajoutez un bloc de branche."
            ),
            "You notice when something runs in Rivet though its branch was not taken.": (
                "Cela se voit quand quelque chose s’exécute dans Rivet alors que sa branche n’a pas été prise."
            ),
            "You notice where such a node ran in Rivet whatever its condition said.": (
                "Cela se voit quand un tel nœud s’exécutait dans Rivet quelle que soit sa condition."
            ),
            "“{name}” runs for each item of a list in Rivet, but stops in silence after {most}.": (
                "Dans Rivet, « {name} » s’exécute pour chaque élément d’une liste, mais s’arrête sans "
                "rien dire après {most}."
            ),
        },
    }
)
