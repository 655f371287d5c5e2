"""What files of data contain, before anything is trained on them."""
