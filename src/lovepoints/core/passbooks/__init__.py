"""What a holder has: lots, spending, redeeming, goods; what is posted, what falls due."""
