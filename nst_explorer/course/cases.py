"""The five cases of lesson 07: what each broken run computes, the hints, and what the explorer's tools show of it.

Their order is fixed, from what a tool says outright to what only the numbers tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nst_explorer.optimizer_settings import Adam

HEALTHY_ADAM = Adam(learning_rate=0.05)
TUTORIAL_ADAM = Adam(learning_rate=0.02, beta_1=0.99, beta_2=0.999, epsilon=0.1)


@dataclass(frozen=True)
class Case:
    """One broken run.

    Attributes:
        fault: A key of `SUSPECTS`; where it is one of the formulas, also of `FAULTS`.
        optimizer: Its optimizer's settings.
        hints: What to look at, from a direction to nearly the answer.
        wrong: The faulty lines, in numpy.
        right: The same lines as they must be.
        reason: Why the answer is right, told with it.
        traces: Tool to what it shows of the fault.
    """

    fault: str
    optimizer: Adam
    hints: tuple[str, ...]
    wrong: str
    right: str
    reason: str
    traces: tuple[tuple[str, str], ...]


SUSPECTS: Mapping[str, str] = {
    "learning rate too large": (
        "Read the learning rate in the Recipe: it is 0.05 in the healthy run, which falls smoothly, and in no broken "
        "run is it larger. A loss that jumps may also be another loss."
    ),
    "variation weight too large": (
        "Read the variation weight in the Recipe: it is 0.01 in the healthy run as well. Where the variation pushes "
        "hardest all the same, ask why the other terms are so small."
    ),
    "wrong gradient": (
        "If the gradient did not belong to the loss, Check the gradient would say so; try it in the first ten steps. "
        "A term whose gradient was lost would have the length 0 on the Gradient tab."
    ),
    "epsilon": (
        "If Adam's ε were far larger than the gradient, every formula would add up, and the picture would hardly move: "
        "One step would show an update of far less than the learning rate."
    ),
    "preprocessing": (
        "If the picture entered the network without its preprocessing, all formulas would add up, but the feature "
        "maps of block1_conv1 would hardly vary; compare their largest value with the healthy run's."
    ),
    "square of the mean": (
        "If the mean were squared, no term would add up, the content's neither: each would be far below what "
        "the formula gives from the same maps."
    ),
    "gram without transpose": (
        "If the Gram matrix were of wrongly reshaped features, the content's numbers would add up and those of all "
        "style layers would not."
    ),
    "content by style layers": (
        "If the content's loss were divided by the number of style layers, every style term would add up, and the "
        "content's would be a whole number of times too small, the same at every step."
    ),
}
"""What may be answered, to what one would see if it were so."""

CASES: Mapping[int, Case] = {
    1: Case(
        fault="epsilon",
        optimizer=TUTORIAL_ADAM,
        hints=(
            "Compare the picture with the content: how far has it come, at a learning rate of 0.02 a step?",
            "Open Debug and read what it says of this run.",
            "Adam divides by √v + ε. Compare ε with the gradient's root mean square.",
        ),
        wrong="step = learning_rate * m / (np.sqrt(v) + 0.1)",
        right="step = learning_rate * m / (np.sqrt(v) + 1e-8)",
        reason=(
            "The ε of the TensorFlow tutorial, 0.1, goes with the tutorial's much larger losses. Here the gradient is "
            "many times smaller than ε, so that ε decides how long a step is, and makes it short."
        ),
        traces=(
            ("Debug", "says that ε is far above the gradient, with both numbers."),
            ("Loss", "The total hardly falls, and stays far above the healthy run's."),
            ("One step", "The update is far shorter than the learning rate, in nearly every pixel."),
            ("Gram with Explain", "Every formula adds up: the loss is right, and the fault comes after it."),
            ("Check the gradient", "agrees: the gradient is right as well, so that only the update is left."),
        ),
    ),
    2: Case(
        fault="preprocessing",
        optimizer=HEALTHY_ADAM,
        hints=(
            "The picture is only smoothed: on the tab Gradient the variation pushes hardest, by far. Its weight is as "
            "always, so ask why content and style are so weak.",
            "All formulas add up, at every layer. So the fault comes before them: look at what enters.",
            'Compare broken.features("block1_conv1", of="content").max() with the healthy run\'s.',
        ),
        wrong="entering = image",
        right="entering = 255 * image[..., ::-1] - [103.939, 116.779, 123.68]",
        reason=(
            "The network was trained on BGR from about −124 to 151. Handed RGB from 0 to 1, it sees two nearly equal "
            "gray pictures: content and style hardly differ, and only the variation is left to push."
        ),
        traces=(
            ("Result", "A blur: no painting, and no content."),
            ("Loss", "The style terms begin thousands of times lower than the healthy run's, or more."),
            ("Gradient", "The variation's push is the longest of all, by far."),
            (
                "Feature maps",
                "Of block1_conv1 several maps are 0 everywhere, and the others are flat. The largest value for the "
                "content is about 0.6, in the healthy run about 11.",
            ),
            ("Gram with Explain", "Every formula adds up: what follows the maps is right."),
        ),
    ),
    3: Case(
        fault="square of the mean",
        optimizer=HEALTHY_ADAM,
        hints=(
            "This loss becomes almost 0, which no healthy run does; does the picture look like it?",
            "On the tab Gram, choose a style layer. Are the two matrices as equal as the loss says? Turn on Explain.",
            "The content's term does not add up either. What is wrong in both, whatever is compared?",
        ),
        wrong="distance = np.mean(values - target) ** 2",
        right="distance = np.mean((values - target) ** 2)",
        reason=(
            "Differences of both signs cancel before they are squared. The optimizer only makes the mean of all "
            "differences 0, which takes it a few dozen steps, and then every term but the variation is nearly 0."
        ),
        traces=(
            (
                "Loss",
                "Every term bounces, each time the mean of the differences passes through 0. In the end nearly all of "
                "the total is variation.",
            ),
            ("Debug", "says that the variation alone is most of the loss: true, but not the cause."),
            ("Gram", "The matrices still differ clearly, where the loss claims that they are equal."),
            ("Gram with Explain", "No term adds up: each is thousands of times too small, or more."),
            ("Check the gradient", "agrees: this is the right gradient of the wrong loss."),
        ),
    ),
    4: Case(
        fault="gram without transpose",
        optimizer=HEALTHY_ADAM,
        hints=(
            "Look at the picture: is there an order in the noise that no painting has?",
            "Turn on Explain on the tab Gram, at a content layer and at a style layer: which of the two adds up?",
            "Features are (h, w, C). What are the rows of features.reshape(C, h * w)?",
        ),
        wrong="rows = features.reshape(channels, -1)\ngram = rows @ rows.T / positions",
        right="rows = features.reshape(-1, channels).T\ngram = rows @ rows.T / positions",
        reason=(
            "Features are stored position by position, all channels of a position together. Reshaped to (C, M) without "
            "the transpose, a row holds a band of the picture with all its channels, and the matrix compares bands "
            "instead of channels. It has the right shape and is symmetric, so that no error stops it."
        ),
        traces=(
            ("Result", "Colored noise, in rows and columns as on woven cloth."),
            ("Loss", "The total falls, but stays above the healthy run's; that alone names no fault."),
            ("Gram", "The difference of the true matrices falls far less than the run's style loss says."),
            ("Gram with Explain", "The content's term adds up; no style term does."),
            ("Check the gradient", "agrees: this is the right gradient of the wrong loss."),
        ),
    ),
    5: Case(
        fault="content by style layers",
        optimizer=HEALTHY_ADAM,
        hints=(
            "Picture and curves look healthy; compare the content's term with the healthy run's.",
            "Choose block4_conv2 and turn on Explain on the tab Gram. Do the content's numbers add up?",
            "Divide what the formula gives by what the run has, at several steps. Of what are there so many here?",
        ),
        wrong="content_loss = distance / len(style_layers)",
        right="content_loss = distance / len(content_layers)",
        reason=(
            "One content layer was divided by five style layers, so that the content has a fifth of the weight that "
            "the recipe says. Nothing looks broken: the picture is merely freer of the photo than it was asked to be."
        ),
        traces=(
            ("Result", "Nothing strange: it could be any style transfer."),
            ("Loss", "The content's curve runs below the healthy run's."),
            ("Gram with Explain", "At block4_conv2 the content's term is a fifth of its formula; style terms add up."),
            ("Check the gradient", "agrees: this is the right gradient of the wrong loss."),
        ),
    ),
}
"""Number of a broken run to its case."""
