"""The import contract that import-linter does not ship: an edge belongs to its app."""

from collections.abc import Iterable, Iterator

import grimp
from importlinter import Contract, ContractCheck, output

EDGES = {"views", "forms", "urls", "tasks", "admin", "management", "templatetags"}


def is_edge(module: str) -> bool:
    """Whether a dotted module is an app's edge."""
    parts = module.split(".")
    return len(parts) > 1 and parts[1] in EDGES


def trespasses(links: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The imports (importer, imported) that reach another app's edge, or an edge from a domain module."""
    for importer, imported in links:
        if not is_edge(imported):
            continue
        at_home = importer.split(".")[0] == imported.split(".")[0]
        wires = importer.endswith(".apps")  # an AppConfig calls nothing, it only registers
        if not at_home or not (is_edge(importer) or wires):
            yield importer, imported


class EdgesContract(Contract):
    """Views, forms, urls, tasks, admin, commands and template tags are imported by their own edge only."""

    type_name = "edges"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Find every trespass in the import graph."""
        links = [
            (module, found)
            for module in graph.modules
            for found in graph.find_modules_directly_imported_by(module)
        ]
        found = sorted(trespasses(links))
        return ContractCheck(kept=not found, metadata={"trespasses": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each trespass."""
        for importer, imported in check.metadata["trespasses"]:
            output.print_error(f"{importer} imports {imported}, an edge of its own app", bold=False)
