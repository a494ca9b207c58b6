"""How well the checks see: generated schools, hand-written posts, and what the checks say of them.

The engine is asked by its public door alone. Two halves that share no sentence, no name and no way
of disguising a name: ``development`` to tune on, ``scored`` to be judged by.
"""
