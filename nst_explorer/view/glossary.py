"""The words of the field that the dashboard uses, each with one sentence that says exactly what is meant."""

import re
from html import escape

GLOSSARY = {
    "Adam": "An optimizer that moves each pixel value by the running mean of its gradient, divided by the root of the "
    "running mean of the gradient's square.",
    "backward pass": "The computation of the gradient, by the chain rule, from the loss back through the network to "
    "the pixels.",
    "branch": "A line of steps that leaves another one at the step where the recipe was changed after going back.",
    "breakpoint": "A condition at which a run that plays pauses by itself.",
    "channel": "One filter of a layer together with the feature map that it makes; block1_conv1 of VGG19 has 64.",
    "content": "What the picture shows and where: here, the features of a deeper layer, place by place.",
    "content loss": "How far the features of the generated picture are from those of the content image: a sum or mean "
    "of squared differences over all channels and places.",
    "convention": "How the terms of the loss are scaled before they are weighted; the same weight means something else "
    "under another one.",
    "cosine": "The cosine of the angle between two gradients: 1 means the same direction, 0 that neither concerns the "
    "other, −1 opposite directions.",
    "eigenvalue": "How much of a Gram matrix's energy lies in one direction in the space of channels; all of them add "
    "up to its diagonal's sum.",
    "feature map": "The answers of one filter at every place of a picture, as a picture of their own.",
    "generated picture": "The picture whose pixels are being moved; it is the only thing that changes.",
    "gradient": "For every pixel value, how fast the loss would grow if that value did; moving against it makes the "
    "loss fall, if the move is small enough.",
    "Gram matrix": "For every two channels of a layer, the mean over all places of the product of their feature maps.",
    "L-BFGS": "An optimizer that estimates the loss's curvature from its last few moves, and searches along a line for "
    "the length of each step.",
    "learning rate": "How far a step goes: with Adam, about the most that a pixel value, from 0 to 1, moves in one "
    "step.",
    "loss": "One number that says how far the picture is from what is wanted; 0 would be a perfect match.",
    "moment": "A running mean that Adam keeps for every pixel value: the first of the gradient, the second of its "
    "square.",
    "noise": "A picture in which every pixel value is drawn at random and evenly from 0 to 1.",
    "optimizer": "The rule that turns gradients into moves of the pixels.",
    "padding": "The rim of zeros around each layer's input that keeps its size; filters at the border see it.",
    "pooling": "The halving of width and height between two blocks: of each 2 × 2 values the mean or the largest "
    "stays.",
    "receptive field": "The part of the picture that a single value of a layer depends on, in pixels.",
    "ReLU": "The function that keeps what is above 0 and turns everything else into 0; it follows each convolution.",
    "step": "One move of all pixels; nothing is learned from many pictures here, so there are no epochs.",
    "stride": "How many pixels apart neighboring values of a layer look at the picture.",
    "style": "Which features occur together and how strongly, wherever they stand: here, the Gram matrices of layers.",
    "style loss": "How far the Gram matrices of the generated picture are from those of the style image: a mean of "
    "squared differences for each layer.",
    "term": "One part of the loss: the content or style loss of one layer, or the total variation.",
    "total variation": "The sum of the absolute differences of neighboring pixels, across and down; a smooth picture "
    "has little.",
    "VGG19": "A network of 16 convolutional and 3 fully connected layers by Simonyan and Zisserman (2014), made to "
    "tell what a photo shows; only its convolutions are used here, and never changed.",
    "weight of a term": "The number by which a term is multiplied before all are added up; a network's weights are "
    "something else, the numbers in its filters.",
}

MARKED = re.compile(r"\[\[([^]|]+)(?:\|([^]]+))?\]\]")


def mark_terms(text: str) -> str:
    """Writes a text in which each `[[term]]`, or `[[words|term]]`, shows its sentence on hover and on focus.

    A browser reads the sentence out as the word's description; nobody needs a mouse, and no script runs.

    Raises:
        KeyError: A marked term is not in the glossary.

    Example:
        >>> "nst-term" in mark_terms("The [[gradients|gradient]] of the loss.")
        True
    """
    return MARKED.sub(lambda found: _write_term(found[1], found[2] or found[1]), text)


def strip_marks(text: str) -> str:
    """Returns a text with its terms as plain words.

    Example:
        >>> strip_marks("The [[gradients|gradient]] of the [[loss]].")
        'The gradients of the loss.'
    """
    return MARKED.sub(lambda found: found[1], text)


def write_glossary() -> str:
    """Writes all terms with their sentences, in alphabetical order, as an HTML list."""
    rows = "".join(
        f"<div><dt>{escape(term)}</dt><dd>{escape(sentence)}</dd></div>"
        for term, sentence in sorted(GLOSSARY.items(), key=lambda item: item[0].casefold())
    )
    return f'<dl class="nst-glossary-list">{rows}</dl>'


def _write_term(words: str, term: str) -> str:
    sentence = escape(GLOSSARY[term])
    return (
        f'<dfn class="nst-term" tabindex="0" aria-description="{sentence}">{escape(words)}'
        f'<span class="nst-definition" aria-hidden="true"><b>{escape(term)}</b> {sentence}</span></dfn>'
    )
