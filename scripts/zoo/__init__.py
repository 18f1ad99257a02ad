"""Makes real training runs with measured causes.

Use: `python scripts/zoo/make.py --out PATH --seed S --count N`.

A recipe (recipes.py) only intends a cause. The run is trained (train.py), measured after every
epoch on a large fresh sample (oracle.py), compared with control runs (controls.py) and put to every
criterion (criteria.py); only what a criterion finds becomes its label (labels.py). Everything down
from criteria.py needs numpy alone; training needs torch, scikit-learn and pillow, installed in an
environment of their own; two data sets come from the optional packages mnist1d and river.
"""
