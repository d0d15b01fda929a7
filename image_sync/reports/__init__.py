"""Reports of a review or a run as one HTML file with pictures, which opens anywhere and without a network.

``contents`` says what stands in it, ``thumbs`` makes the small pictures, ``page`` writes it.
"""
