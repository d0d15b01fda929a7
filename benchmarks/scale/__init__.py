"""How the stages of each job grow with the number of pictures: time, memory and the catalog."""
