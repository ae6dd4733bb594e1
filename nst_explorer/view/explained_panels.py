"""What is explained of the panels that are always there: header, recorded runs, images, network, result, recipe."""

from nst_explorer.view.explanation import Explanation

LOSS_FORMULA = (
    "<mi>L</mi><mo>=</mo><mi>α</mi><munder><mo>∑</mo><mi>l</mi></munder><msub><mi>w</mi><mi>l</mi></msub>"
    "<msub><mi>L</mi><mrow><mtext>content</mtext><mo>,</mo><mi>l</mi></mrow></msub><mo>+</mo><mi>β</mi><munder>"
    "<mo>∑</mo><mi>l</mi></munder><msub><mi>w</mi><mi>l</mi></msub><msub><mi>L</mi><mrow><mtext>style</mtext><mo>,</mo>"
    "<mi>l</mi></mrow></msub><mo>+</mo><mi>γ</mi><mspace width='.15em'/><mi>TV</mi>"
)
MOVE_FORMULA = (
    "<mi>x</mi><mo>←</mo><mi>x</mi><mo>−</mo><mtext>move</mtext><mo stretchy='false'>(</mo><msub><mo>∇</mo><mi>x</mi>"
    "</msub><mi>L</mi><mo stretchy='false'>)</mo>"
)
ADAM_MOVE = (
    "<math><mi>η</mi><mo>·</mo><mover><mi>m</mi><mo>^</mo></mover><mo>/</mo><mo stretchy='false'>(</mo><msqrt><mover>"
    "<mi>v</mi><mo>^</mo></mover></msqrt><mo>+</mo><mi>ε</mi><mo stretchy='false'>)</mo></math>"
)


def _write_mean(symbol: str, rate: str, what: str) -> str:
    rate = f"<msub><mi>β</mi><mn>{rate}</mn></msub>"
    return (
        f"<math><mi>{symbol}</mi><mo>←</mo>{rate}<mi>{symbol}</mi><mo>+</mo><mo stretchy='false'>(</mo><mn>1</mn>"
        f"<mo>−</mo>{rate}<mo stretchy='false'>)</mo>{what}</math>"
    )


HEADER = Explanation(
    "The run",
    "No network is trained here: [[VGG19]] stays as it is, and only the pixels of one picture are moved. Point at a "
    "control, or go to it with Tab, and what it does is told in this place, or in that of its panel.",
    6,
    {
        "Network": "Where the weights inside VGG19's filters come from: ImageNet's photos, the built-in small "
        "training, or chance. Another choice begins a new run, and the last one is kept.",
        "Weights file": "The path of a file with VGG19's weights, as Keras or this package writes it. It is read when "
        "you press Enter, and a new run begins.",
        "Size": "The longest side of the picture in pixels; twice as many take about four times as long. Another size "
        "begins a new run, and the list tells what each costs on this machine.",
        "Scales": "A run may begin small and grow: of 2 scales at 256 px, the first takes its steps at 128 px. Coarse "
        "patterns come sooner that way, and early steps are quick.",
        "Growth": "How much longer the sides are at each next scale. A smaller growth means smaller jumps, and a first "
        "scale that is larger.",
        "Steps a scale": "How many steps the run takes at each scale before the picture is enlarged. The last scale, "
        "the full size, goes on for as long as you let it.",
        "Preset": "A recipe as a whole: ours, the TensorFlow tutorial's, or that of Gatys et al. (2016). “custom” "
        "means that something has been changed since.",
        "Runs": "Opens and closes the list of recorded runs, this one among them. Each can be opened again at the step "
        "where it stood.",
        "Glossary": "Opens and closes the list of the field's words and of every control's explanation. Words with "
        "dots below them show their meaning where they stand.",
        "Tour": "Six short steps through the dashboard, each beside what it is about. It can be left at any step and "
        "taken again.",
        "Not now": "Takes the offer away, and it will not come again. The tour stays where it is, under the button "
        "Tour.",
        "Explain": "Shows or hides the explanations, this one too. The run is not touched by it.",
        "Cancel": "Ends the download; what has come so far is thrown away. The run goes on with the weights it has.",
    },
)
RUNS = Explanation(
    "Recorded runs",
    "Every run is written to a file of its own from its first step on, so that it can be gone on with after the kernel "
    "has ended. Opening one goes on at the step where it stood, with all its losses and [[branches|branch]].",
    1,
    {
        "Run to import": "The path of a run's file, which ends with .nst. A copy of it is taken into this list.",
        "Import": "Copies the file into the folder of runs and lists it. The file itself stays where it is.",
        "Limit per run, MB": "How large the file of a run that begins from now on may become. At the limit it keeps "
        "fewer pictures of earlier steps, and never fewer losses.",
        "Limit in all, MB": "How much all runs together may take. Beyond it you are asked which to delete; none goes "
        "by itself.",
        "Open": "Goes on with this run at the step where it stood. The present run is kept.",
        "Rename": "Asks for another name of this run. Its file keeps the name that it has.",
        "Export": "Asks where to write a copy of this run, in one file. It can be imported on another machine.",
        "Delete": "Asks once more, then deletes the run's file. The present run cannot be deleted.",
        "New name": "What the run is to be called. Enter saves it.",
        "Save the name": "Gives the run the name that was typed. The list shows it at once.",
        "Write a copy to": "Path of the file that the copy is to be written to. A name without a folder is written "
        "beside the notebook.",
        "Write it": "Writes the copy. The path and the size are told when it is done.",
        "Delete for good": "Deletes the run's file. This cannot be undone.",
        "Cancel": "Closes this question. Nothing is changed.",
    },
)
IMAGES = Explanation(
    "Images",
    "The [[content]] image says what is to be seen and where, the [[style]] image which colors and textures it is to "
    "be made of. Both are only looked at through the network: no pixel is copied from the style.",
    1,
    {
        "Content image": "The picture whose things and places are to stay: a path, or a sample's name. Another one "
        "begins a new run.",
        "Style image": "The picture whose colors and textures are to be taken over: a path, or a sample's name. "
        "Another one begins a new run.",
        "Upload a content image": "Takes a picture from your computer as the content. It goes to the kernel and "
        "nowhere else.",
        "Upload a style image": "Takes a picture from your computer as the style. It goes to the kernel and nowhere "
        "else.",
        "Content samples": "Opens and closes the content samples. A click on one takes it, and a new run begins.",
        "Style samples": "Opens and closes the style samples, painted by code in this package. A click on one takes "
        "it, and a new run begins.",
        "Content folder": "Opens and closes the pictures of the folder that was named for contents. A click on one "
        "takes it, and a new run begins.",
        "Style folder": "Opens and closes the pictures of the folder that was named for styles. A click on one takes "
        "it, and a new run begins.",
        "Picture of a folder": "Takes this picture, and a new run begins. The numbers are its width and height in the "
        "file, in pixels.",
        "Previous": "Shows the page of pictures before this one. The run is not touched by it.",
        "Next": "Shows the next page of pictures. The run is not touched by it.",
        "Start from": "The picture at step 0: the content, the style, or noise. From the content a few steps are "
        "enough; from noise everything that appears was put there by the loss.",
        "Seed": "The number from which the noise is drawn: the same one gives the same noise. It matters only to a "
        "start from noise.",
    },
)
NETWORK = Explanation(
    "Network",
    "Every row is a layer of [[VGG19]]: the wider its slab, the larger its [[feature maps|feature map]]; the thicker, "
    "the more of them. A shallow layer sees small, sharp parts of the picture, a deep one large parts, coarsely: its "
    "[[receptive field]] grows.",
    2,
    {
        "Rows": "A click on a row chooses that layer for the tabs, a click on its boxes gives it a role: C for "
        "content, S for style. The bar is its share of the loss, or of the push at the pixels.",
        "Shares of the": "“loss” shows which term makes up how much of the total. “push” shows how hard each term "
        "pulls at the pixels, by the length of its gradient: a small term may pull hardest.",
        "Layer": "The layer that Feature maps, Gram, One step and Layer effects look at. Looking changes nothing in "
        "the run.",
        "Layer weight": "How much this layer counts among the layers of its role. Only the ratios matter where the sum "
        "is all that is weighed.",
        "Role": "Whether the chosen layer is compared with the content, with the style, with both or not at all. It "
        "takes effect at the next step.",
    },
)
RESULT = Explanation(
    "Result",
    "Each [[step]] moves every pixel a little against the [[gradient]] of the [[loss]], and shows the picture that "
    "came of it. Going back shows the very picture that was there; to go on from it under another recipe begins a "
    "[[branch]].",
    1,
    {
        "Show": "The picture, the content, their difference (middle gray where they agree), or a wipe, with another "
        "step's picture on the left. It changes what is seen, not the run.",
        "Wipe against step": "The step whose picture lies on the left of the present one. The slider moves the line "
        "between the two.",
        "Reset": "Goes back to step 0. What was computed is kept: the slider leads back to it.",
        "Step back": "Goes to the step before, and shows the very same picture and losses as then. Nothing is lost.",
        "Step": "Takes one step: the network looks at the picture, the gradient is computed, the pixels move. After "
        "going back, it takes the same step as before, to the last bit on the same machine's CPU.",
        "+10": "Takes ten steps. The picture is shown as it goes along.",
        "Play": "Takes steps until you pause, or until a breakpoint does. Everything else can be used meanwhile.",
        "Pause": "Ends the playing after the step under way. Everything else can be used meanwhile.",
        "Slider and step": "The step that is shown. Drag the slider to look at earlier pictures, let go to go there, "
        "or type a number.",
        "Timeline": "The run as a line, with its branches and the steps where the recipe changed. Move along it to see "
        "a step's picture; a click goes there.",
        "Start": "Goes to step 0. What was computed is kept.",
        "Best": "Goes to the step with the lowest total among those under the present recipe and size. Lowest is not "
        "always what looks best: the loss knows only what it was told to compare.",
        "Last change": "Goes to the last step before this one at which the recipe was changed. From there one can try "
        "another change.",
        "Save": "Opens and closes the form in which a file of this run is written: picture, film, curves, report and "
        "others. The run goes on meanwhile.",
        "What": "What of the run is to be written. Each comes in one or more formats, and a sentence tells what is in "
        "it.",
        "Format": "How the file is written. The ending of its name follows.",
        "File name": "Where the file is written: a name, or a path. Nothing that is there already is written over.",
        "Every n-th step": "How many steps lie between two pictures of the film. The first and the last step are "
        "always among them.",
        "Seconds": "How long the film is to be. More pictures in the same time make it smoother.",
        "Content, style and curve": "Puts the two images and the growing curve of the total beside the picture. It "
        "shows in one film what became of what.",
        "Pictures": "How many steps the sheet shows, spread evenly over the run. Each is labeled with its step.",
        "Save …": "Writes the file while the run goes on. What was written, and how large it is, is told below.",
        "Cancel": "Ends the writing. Nothing of the file is left.",
    },
    MOVE_FORMULA,
)
RECIPE = Explanation(
    "Recipe",
    "The [[loss]] is a weighted sum of [[terms|term]], and only the ratios of its weights decide where the run ends "
    "up. Under the [[convention]] <i>relative</i> every term is measured against its own target, so that a weight of "
    "1 means the same on every layer.",
    4,
    {
        "Optimizer": "Turns gradients into moves of the pixels. Adam takes a step for every evaluation; L-BFGS learns "
        "the curvature from its last moves and searches how far to go.",
        "Learning rate": f"η in Adam's move {ADAM_MOVE}: about the most that a pixel value, from 0 to 1, moves in a "
        "step. Too small, and little happens; too large, and the total jumps up and down.",
        "Precision": "The number format of the convolutions. bfloat16 halves their memory, and their time on machines "
        "made for it, and keeps 8 instead of 24 binary digits.",
        "Pairs m": "How many past moves L-BFGS remembers to estimate the curvature. Each takes the memory of two "
        "pictures.",
        "β₁": f"How slowly Adam's mean of the gradient changes: {_write_mean('m', '1', '<mi>g</mi>')}. Higher gives "
        "more momentum, and the pixels run on after the gradient has turned.",
        "β₂": "How slowly Adam's mean of the squared gradient changes: "
        f"{_write_mean('v', '2', '<msup><mi>g</mi><mn>2</mn></msup>')}. Its root is what each pixel's move is divided "
        "by.",
        "ε": "A small number below the fraction, against division by 0. Of the gradient's size, it keeps pixels quiet "
        "that hardly matter; much larger, it makes every move tiny.",
        "First step": "How far L-BFGS goes at first, as the root mean square of the pixels' change, when it knows no "
        "curvature yet. Later lengths follow from what it remembers.",
        "Most evaluations": "How many pictures L-BFGS may try along one line before it gives up and forgets what it "
        "remembers. Each costs as much as a step of Adam.",
        "Pooling": "How VGG19 halves a picture between two blocks: the mean of each 2 × 2 values, or the largest. "
        "Gatys et al. found that the mean gives slightly more appealing pictures; VGG19 was trained with the largest.",
        "Convention": "How terms are scaled before they are weighted: the TensorFlow tutorial's means, the paper's "
        "sums, or each relative to its target. The same weights mean something else under another convention.",
        "Style loss": "What of a layer is compared for the style: its Gram matrix, or that split into the covariance "
        "and the part of the means. Split, neither part can make up for the other.",
        "Content weight": "α, by which all content terms are multiplied. More of it keeps the things and places of the "
        "content, less lets the style spread.",
        "Variation weight": "γ, by which the total variation is multiplied: the sum of neighboring pixels' "
        "differences. A little smooths grain away, a lot blurs the picture.",
        "Style weight": "β, by which all style terms are multiplied. More of it brings colors and strokes of the "
        "style, at the cost of the content.",
        "Content weight of …": "How much this layer counts among the content layers. Deeper layers hold what is to be "
        "seen, shallow ones every pixel.",
        "Style weight of …": "How much this layer counts among the style layers. Shallow layers bring colors and "
        "grain, deeper ones larger patterns.",
    },
    LOSS_FORMULA,
)
PANELS = {
    "header": HEADER,
    "runs": RUNS,
    "images": IMAGES,
    "network": NETWORK,
    "result": RESULT,
    "recipe": RECIPE,
}
"""By the name under which a panel asks for its explanation."""
