"""The report of Dify imports in Chinese and French."""
