"""What a description knows of its devices' maker and model."""

from ..description import Description


def product_of(description: Description) -> dict[str, str]:
    """Return the maker and the model of all its products, as far as they are the same."""
    makers = {product.manufacturer for product in description.products}
    models = {product.model for product in description.products}
    known = {"manufacturer": makers, "model": models}
    return {name: next(iter(values)) for name, values in known.items() if len(values) == 1}
