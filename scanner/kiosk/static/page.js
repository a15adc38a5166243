// The page of one lane.
