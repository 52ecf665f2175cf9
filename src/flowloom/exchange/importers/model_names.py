"""What other builders call the vendors of models, and what we call them."""

import re

_PROVIDERS = {
    "openai": "openai chatopenai open_ai openaimodel openaiconnection",
    "azure": "azure azureopenai azurechatopenai azureopenaiconnection azureopenaimodel azurechatopenaimodel",
    "anthropic": "anthropic chatanthropic anthropicmodel claude",
    "google": (
        "google googlegenerativeai chatgooglegenerativeai gemini google_genai googlegenerativeaimodel vertexai"
    ),
    "mistral": "mistral mistralai chatmistralai mistral_ai mistralmodel",
    "ollama": "ollama chatollama ollamamodel",
    "deepseek": "deepseek chatdeepseek deepseekmodel",
    "qwen": "qwen tongyi alibaba chatalibabatongyi dashscope qwenmodel",
    "zhipu": "zhipu zhipuai zhipuaimodel",
    "moonshot": "moonshot kimi",
    "groq": "groq groqchat groqmodel chatgroq",
    "xai": "xai chatxai xaimodel grok",
    "openrouter": "openrouter chatopenrouter openroutercomponent",
    "minimax": "minimax",
    "baidu": "baidu wenxin qianfan",
}
_IDS = {name: id for id, names in _PROVIDERS.items() for name in names.split()}


def provider_id(vendor: str) -> str:
    """Our id of a vendor however it is written there, "" where it is not known."""
    plain = re.sub(r"[^a-z0-9_]", "", vendor.lower())
    return _IDS.get(plain) or _IDS.get(plain.replace("_", "")) or ""


def model_name(vendor: str, model: str) -> str:
    """`provider/model` as a block names it; "default" where vendor or model is not known."""
    provider = provider_id(vendor)
    return f"{provider}/{model.strip()}"[:200] if provider and model.strip() else "default"
