"""What is explained of the tabs in which a run is inspected."""

from nst_explorer.view.explained_panels import PANELS
from nst_explorer.view.explanation import Explanation

STYLE_FORMULA = (
    "<msub><mi>L</mi><mtext>style</mtext></msub><mo>=</mo><mfrac><mn>1</mn><mi>n</mi></mfrac><munder><mo>∑</mo>"
    "<mi>l</mi></munder><mfrac><mrow><mi>mean</mi><mo>(</mo><msup><mrow><mo>(</mo><msub><mi>G</mi><mi>l</mi></msub>"
    "<mo>−</mo><msub><mi>A</mi><mi>l</mi></msub><mo>)</mo></mrow><mn>2</mn></msup><mo>)</mo></mrow><mrow><mi>mean</mi>"
    "<mo>(</mo><msubsup><mi>A</mi><mi>l</mi><mn>2</mn></msubsup><mo>)</mo></mrow></mfrac>"
)
CONTENT_FORMULA = (
    "<msub><mi>L</mi><mtext>content</mtext></msub><mo>∝</mo><munder><mo>∑</mo><mtext>channels</mtext></munder>"
    "<munder><mo>∑</mo><mtext>places</mtext></munder><msup><mrow><mo>(</mo><mi>F</mi><mo>−</mo><mi>P</mi><mo>)</mo>"
    "</mrow><mn>2</mn></msup>"
)
GRAM_FORMULA = (
    "<msub><mi>G</mi><mi>ij</mi></msub><mo>=</mo><mfrac><mn>1</mn><mi>M</mi></mfrac><munder><mo>∑</mo>"
    "<mtext>places</mtext></munder><msub><mi>F</mi><mi>i</mi></msub><msub><mi>F</mi><mi>j</mi></msub>"
)
COSINE_FORMULA = (
    "<mi>cos</mi><mo>(</mo><mi>a</mi><mo>,</mo><mi>b</mi><mo>)</mo><mo>=</mo><mfrac><mrow><msub><mo>∇</mo><mi>a</mi>"
    "</msub><mo>·</mo><msub><mo>∇</mo><mi>b</mi></msub></mrow><mrow><mo>‖</mo><msub><mo>∇</mo><mi>a</mi></msub>"
    "<mo>‖</mo><mspace width='.2em'/><mo>‖</mo><msub><mo>∇</mo><mi>b</mi></msub><mo>‖</mo></mrow></mfrac>"
)
TEXTURE_FORMULA = (
    "<mi>x</mi><mo>=</mo><munder><mtext>arg min</mtext><mi>x</mi></munder><mspace width='.2em'/><mi>L</mi>"
    "<mo stretchy='false'>(</mo><mi>x</mi><mo stretchy='false'>)</mo><mo>,</mo><mspace width='.4em'/>"
    "<mtext>from noise, with one role alone</mtext>"
)

TABS = {
    "Loss": Explanation(
        "Loss",
        "Each curve is a [[term]] of the [[loss]], the thick one their total: on the log scale, equal heights are "
        "equal ratios. A dashed line marks a change of the recipe or of the size, and totals before and after it are "
        "different sums.",
        5,
        {
            "Values": "“weighted” shows each term as it is added up, so that the thin curves add up to the thick one. "
            "“raw” shows it before its weight, which makes runs under other weights comparable.",
            "Scale": "On the log scale a fall by half has the same height everywhere, so that small terms stay "
            "visible. On the linear scale heights add up.",
            "Curves": "Moving over the chart shows that step's picture in the result. A click goes to that step, as "
            "the slider and the number of the result do.",
        },
        STYLE_FORMULA,
    ),
    "Feature maps": Explanation(
        "Feature maps",
        "A [[feature map]] shows where in the picture one filter of the chosen layer answers, and how strongly: the "
        "darkest color is no answer. The [[content loss]] compares the maps of two pictures [[channel]] by channel, "
        "place by place.",
        2,
        {
            "Maps of": "Which picture's maps are shown: the generated one's, the content's, the style's, or generated "
            "minus content. In the difference rust is more than in the content, blue is less.",
            "Sorted by": "The order of the channels: by number, mean, variance, or by their contribution to the "
            "layer's loss. While a run plays the order stays, so that maps do not jump.",
            "Color scale": "“own” stretches each map's colors over its own values, so that weak maps are readable. "
            "“shared” uses one scale for all, so that they can be compared.",
            "Mosaic": "A click enlarges a channel below; its numbers stand under the mosaic. The same channel "
            "is marked in the Gram matrix.",
            "Previous channels": "Shows the page of channels before this one. The order stays.",
            "Next channels": "Shows the next page of channels. The order stays.",
            "Channel": "The number of the channel that is enlarged, from 0. It is the row and column of the same "
            "number in the Gram matrix.",
            "Overlay": "Lays the map over the picture it was computed of. So one sees what in the picture the filter "
            "answers to.",
            "Row": "The row of the value that is read, from 0 at the top. The frame on the picture shows what that "
            "value can see.",
            "Column": "The column of the value that is read, from 0 on the left. The frame on the picture shows what "
            "that value can see.",
            "Value of the map": "Pointing at the enlarged map reads that value. The frame on the picture is its "
            "receptive field: what lies outside cannot change it.",
        },
        CONTENT_FORMULA,
    ),
    "Gram": Explanation(
        "Gram",
        "A [[Gram matrix]] says how strongly two [[channels|channel]] answer at the same places, and forgets where "
        "those places are. That is why it can hold a [[style]] without its subject, and why the [[style loss]] "
        "compares nothing else.",
        3,
        {
            "Row i": "The first of the two channels that are multiplied. Its map is shown below as map i.",
            "Column j": "The second of the two channels. With i = j the cell is the mean of one map's square.",
            "Order": "“natural” is the order of the channels' numbers, which means nothing. “by similarity” puts "
            "channels that answer alike side by side, and blocks appear.",
            "Zoom in": "Shows a quarter of the channels, around the chosen cell. The wheel does the same over a "
            "matrix.",
            "Zoom out": "Shows four times as many channels. The wheel does the same over a matrix.",
            "Heat maps": "Pointing at a cell shows its two maps and their product below; a click keeps it. The three "
            "matrices show the same cells: the style's, the generated picture's, and what is between them.",
            "Maps of": "Whose two feature maps are multiplied below: the generated picture's or the style's. The mean "
            "of the product is the cell in that picture's matrix.",
            "Maps i and j": "Map i times map j, value by value, gives the product; its mean is the cell. Pointing at a "
            "map marks its row and its column above.",
            "Largest differences": "The cells in which the two matrices differ most, each chosen by a click. They are "
            "what the style loss of this layer works on.",
        },
        GRAM_FORMULA,
    ),
    "Gradient": Explanation(
        "Gradient",
        "The [[gradient]] says for every pixel value how fast the [[loss]] would grow with it; the picture shows the "
        "opposite, the way the pixels are pushed. A [[cosine]] near −1 between two [[terms|term]] means that each "
        "undoes the other.",
        5,
        {
            "Measure now": "Computes the gradient of every term at the present step, a backward pass for each. While "
            "it plays this is done only at every 100th step, since it takes longer than a step.",
            "Term": "Whose gradient is drawn: the total's, or that of one term alone. The total's is the sum of all of "
            "them.",
            "Draw": "“push”: brighter or darker, by color; “color”: each channel for itself; “strength”: only how "
            "hard. All three are of the same gradient.",
            "Push at the pixels": "Pointing at a pixel lists what each term wants of it; a click keeps it. The two "
            "numbers below do the same.",
            "Pixel row": "The row of the pixel that is read, from 0 at the top. The table below lists what each term "
            "wants of it.",
            "Pixel column": "The column of the pixel that is read, from 0 on the left. The table below lists what each "
            "term wants of it.",
            "Check the gradient": "Moves single pixels a little both ways, in double precision, and compares the "
            "change of the loss with the gradient. It needs no knowledge of how the gradient was computed, and the run "
            "stays as it is.",
        },
        COSINE_FORMULA,
    ),
    "One step": Explanation(
        "One step",
        "One [[step]] in five stages: what the network answers, its [[Gram matrices|Gram matrix]], the "
        "[[losses|loss]], the [[gradient]], and the move. All numbers are those of the step under way, at the chosen "
        "layer.",
        5,
        {
            "Features": "The first stage: the picture goes through the network, and the chosen layer answers. Its "
            "feature maps are all that the later stages know of the picture.",
            "Grams": "The second stage: the products of feature maps, averaged over all places. Here it is forgotten "
            "where something stands.",
            "Losses": "The third stage: each term, raw, times its weight. The sum is the number that the step is to "
            "make smaller.",
            "Gradient": "The fourth stage: how the total would change with each pixel value. It is computed backward "
            "through the network, in one pass.",
            "Update": "The fifth stage: the optimizer turns the gradient into a move. What would leave the range of "
            "pixel values, 0 to 1, is set to its end.",
            "Previous stage": "Goes to the stage before. The run stays where it is.",
            "Next stage": "Goes to the next stage. The run stays where it is.",
        },
    ),
    "Layer effects": Explanation(
        "Layer effects",
        "From [[noise]], pixels are moved until one layer answers as it does to the [[content]], or until "
        "[[Gram matrices|Gram matrix]] are those of the [[style]]: what comes back is what the layer knows. It is the "
        "experiment of figure 1 of Gatys, Ecker and Bethge (2016), and <i>Compare</i> varies one choice of the present "
        "recipe.",
        4,
        {
            "Reconstruct content from this layer": "Starts a run beside the main one, from noise, with the chosen "
            "layer as its only content and no style. Look for what stays in place and what strays.",
            "Texture up to this layer": "Starts a run beside the main one, from noise, with the style layers up to the "
            "chosen one and no content. The deeper, the longer the patterns that hold together.",
            "All five: content": "Reconstructs the content from one layer of every block, side by side. The main run "
            "stays as it is.",
            "All five: style": "Makes textures of one block, two, up to five, side by side. The main run stays as it "
            "is.",
            "Compare": "Which choice of the present recipe is varied: the content weight, the content layer, or the "
            "style layers. All else stays the same.",
            "Start": "Starts the comparison beside the main run. Runs under way are ended by it.",
            "Stop": "Ends the side runs where they are. Their pictures stay.",
            "Make this the main run: …": "Goes on with this side run in the place of the main one. The main run is "
            "kept.",
            "This is the main run: …": "This side run has become the main run. Nothing is left to do here.",
        },
        TEXTURE_FORMULA,
    ),
    "Branches": Explanation(
        "Branches",
        "Going back and changing the recipe begins a [[branch]]; what came after that step stays as it was, and can be "
        "gone back to exactly. Under other weights the total is another sum: compare the pictures, and single raw "
        "[[terms|term]] on the tab Loss.",
        7,
        {
            "Name of …": "What the branch is called; type another name and press Enter. Names only help to tell "
            "branches apart.",
            "Switch to …": "Goes to that branch, at its newest step. This one stays as it is.",
            "Delete …": "Drops that branch with its steps. The present branch cannot be deleted.",
            "Compare with": "Which branch is laid beside the present one. The recipes' difference stands below.",
            "Steps": "“newest” compares each branch where it stands; “same” compares both at the largest step that "
            "both have. Only the second is a fair race.",
            "Line between the branches": "Moves the line between the two pictures. Left is the other branch, right the "
            "present one.",
        },
    ),
    "Debug": Explanation(
        "Debug",
        "A [[breakpoint]] pauses the run at the step where its condition begins to hold, and diagnoses tell what looks "
        "wrong in a run and what to try. The finder takes one step with each of 60 [[learning rates|learning rate]] "
        "and looks for the steepest fall of the total (Smith 2017; Howard and Gugger 2020).",
        7,
        {
            "Pause": "The kind of condition at which the run is to pause. The fields beside it say which.",
            "Step to break at": "The run pauses when it comes to this step. Play goes on from there.",
            "Term": "Which term of the loss is watched, weighted. “total” is the sum of all.",
            "Below": "The run pauses when the term falls below this number. One that is below it already pauses at the "
            "next step.",
            "Steps running": "The run pauses when the total has risen so many steps in a row. A few rises are usual; "
            "many mean that the learning rate is too large.",
            "Change below (%)": "How little the total must change to count as a plateau. A plateau may be the end, or "
            "only a slow part.",
            "Over steps": "Over how many steps that change is measured. More steps mean a surer, later pause.",
            "Add breakpoint": "Sets the breakpoint. It stays with the run until it is removed.",
            "Remove the breakpoint …": "Takes this breakpoint away. The run goes on through it.",
            "Find a learning rate": "Tries 60 rates from 0.0001 to 1 beside the run, a step with each. It suggests "
            "the rate of the steepest fall, or a tenth of the one with the lowest total where that is higher, and at "
            "most a third of the rate from which on the total rises.",
            "Give up": "Ends the search. The run stays as it is.",
            "Use this rate": "Sets the suggested learning rate from the next step on. It is a change of the recipe, "
            "marked on the curves.",
        },
    ),
}
EXPLANATIONS = {**PANELS, **TABS}
"""Everything that is explained, by the name under which a panel asks for it."""
MOST_CONTROLS = max(len(each.controls) for each in EXPLANATIONS.values())
