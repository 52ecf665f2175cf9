"""Vendors and servers of models whose address is known."""

from flowloom.services.models.settings import Provider, ProviderKind, Settings


class Preset(Settings):
    """A vendor whose address is known. `<…>` in the address is for the person to fill in."""

    id: str
    name: str
    kind: ProviderKind
    base_url: str = ""
    needs_key: bool = True
    models: tuple[str, ...] = ()

    def provider(self, secret: str = "") -> Provider:
        return Provider(
            id=self.id,
            kind=self.kind,
            name=self.name,
            base_url=self.base_url,
            secret=secret or (self.id if self.needs_key else ""),
            models=self.models,
        )


def _preset(id: str, name: str, base_url: str, *models: str, needs_key: bool = True) -> Preset:
    return Preset(id=id, name=name, kind="compatible", base_url=base_url, needs_key=needs_key, models=models)


# Model names grow old: the Settings page lists what the vendor offers today.
PRESETS: tuple[Preset, ...] = (
    Preset(id="openai", name="OpenAI", kind="openai", models=("gpt-4.1-mini", "gpt-4.1")),
    Preset(id="anthropic", name="Anthropic", kind="anthropic", models=("claude-sonnet-4-5",)),
    Preset(id="google", name="Google Gemini", kind="google", models=("gemini-2.5-flash",)),
    Preset(id="mistral", name="Mistral", kind="mistral", models=("mistral-small-latest",)),
    Preset(id="ollama", name="Ollama", kind="ollama", base_url="http://127.0.0.1:11434", needs_key=False),
    Preset(
        id="azure",
        name="Azure OpenAI",
        kind="azure",
        base_url="https://<resource>.openai.azure.com/openai/v1",
    ),
    _preset("deepseek", "DeepSeek", "https://api.deepseek.com/v1", "deepseek-chat", "deepseek-reasoner"),
    _preset(
        "qwen",
        "Qwen 通义千问",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "qwen-plus",
        "qwen-turbo",
    ),
    _preset("zhipu", "Zhipu 智谱", "https://open.bigmodel.cn/api/paas/v4", "glm-4-flash", "glm-4-plus"),
    _preset("moonshot", "Moonshot 月之暗面", "https://api.moonshot.cn/v1", "moonshot-v1-8k"),
    _preset("minimax", "MiniMax", "https://api.minimaxi.com/v1", "MiniMax-Text-01"),
    _preset("baidu", "Baidu Qianfan 百度千帆", "https://qianfan.baidubce.com/v2", "ernie-4.0-turbo-8k"),
    _preset("siliconflow", "SiliconFlow 硅基流动", "https://api.siliconflow.cn/v1"),
    _preset("volcengine", "Volcengine 火山引擎", "https://ark.cn-beijing.volces.com/api/v3"),
    _preset("xai", "xAI", "https://api.x.ai/v1", "grok-4"),
    _preset("groq", "Groq", "https://api.groq.com/openai/v1"),
    _preset("openrouter", "OpenRouter", "https://openrouter.ai/api/v1"),
    _preset("together", "Together", "https://api.together.xyz/v1"),
    _preset("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", needs_key=False),
    _preset("vllm", "vLLM", "http://127.0.0.1:8000/v1", needs_key=False),
    _preset("llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1", needs_key=False),
)
