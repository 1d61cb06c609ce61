"""Where Flipkart's categories are by name, as the site's footer had them in 2026."""

CATEGORIES = {
    "sofa bed": "/furniture/sofa-beds/pr?sid=wwe,osg",
    "sofa": "/furniture/sofas/pr?sid=wwe,c3z",
    "bed": "/furniture/beds-more/beds/pr?sid=wwe,7p7,4yf",
    "mattress": "/furniture/mattresses/pr?sid=wwe,rg9",
    "wardrobe": "/furniture/wardrobes/pr?sid=wwe,fc3",
    "dining table": "/furniture/dining-tables-sets/pr?sid=wwe,ur9",
    "study table": "/furniture/tables/office-study-table/pr?sid=wwe,ki7,l1t",
    "dressing table": "/furniture/tables/dressing-tables/pr?sid=wwe,ki7,vh2",
    "office chair": "/furniture/chairs/office-study-chairs/pr?sid=wwe,y7b,foc",
    "chair": "/furniture/chairs/pr?sid=wwe,y7b",
    "tv unit": "/furniture/tv-units-cabinets/pr?sid=wwe,243",
    "shoe rack": "/furniture/shoe-rack/pr?sid=wwe,0ye",
    "curtain": "/home-furnishing/curtains-accessories/curtains/pr?sid=jra,sl5,2va",
    "cushion": "/home-furnishing/cushions-pillows/pr?sid=jra,kzv",
    "wall decor": "/home-decor/wall-decor-items/pr?sid=arb,a77",
    "furniture": "/furniture/pr?sid=wwe",
    "home decor": "/home-decor/pr?sid=arb",
}
