"""Words that made-up businesses, people and addresses are put together of.

Cities are real and in their states; all else is made up. No business, street or person is meant.
"""

from __future__ import annotations

SURNAMES = (
    *("Abernethy", "Alder", "Ashdown", "Barlow", "Beckwith", "Bellamy", "Birch", "Blakely"),
    *("Bramley", "Calloway", "Carrick", "Chandler", "Cobb", "Corwin", "Dalton", "Darby"),
    *("Draper", "Eastman", "Ellery", "Fairley", "Farrow", "Fenwick", "Fletcher", "Garland"),
    *("Gentry", "Goodwin", "Granger", "Hadley", "Hale", "Harlow", "Hartley", "Hawthorne"),
    *("Holloway", "Ives", "Jarvis", "Kemp", "Kendall", "Kirby", "Lachlan", "Langley"),
    *("Larkin", "Lockhart", "Lowell", "Marlowe", "Mercer", "Merritt", "Nash", "Norwood"),
    *("Oakley", "Osgood", "Paxton", "Pembroke", "Prescott", "Quimby", "Radcliffe", "Redfern"),
    *("Ridley", "Rowan", "Sawyer", "Selby", "Sheffield", "Stanton", "Sterling", "Tabor"),
    *("Thackeray", "Thorne", "Tilden", "Underhill", "Vance", "Wakefield", "Walden", "Whitlock"),
    *("Wickham", "Winslow", "Woodruff", "Wyndham", "Yardley", "Yates", "Yorke", "Zeller"),
)
FORMS = ("Inc", "LLC", "Ltd", "Group", "PLC", "& Sons", "Partners", "Company")
STREETS = (
    *("Acorn", "Arbor", "Aspen", "Bayberry", "Beacon", "Birchwood", "Bluebell", "Briar"),
    *("Brookside", "Canyon", "Cardinal", "Cedar", "Chestnut", "Clover", "Copper", "Cottonwood"),
    *("Crescent", "Cypress", "Dogwood", "Elderberry", "Elm", "Falcon", "Fern", "Foxglove"),
    *("Garden", "Granite", "Harbor", "Hazel", "Heron", "Hickory", "Hillcrest", "Holly"),
    *("Ivy", "Juniper", "Lakeview", "Laurel", "Linden", "Magnolia", "Maple", "Meadow"),
    *("Mill", "Mulberry", "Oak", "Orchard", "Pebble", "Pine", "Poplar", "Quarry"),
    *("Redwood", "Ridge", "River", "Rosewood", "Sage", "Spruce", "Sycamore", "Walnut"),
)
STREET_KINDS = ("Street", "Avenue", "Road", "Lane", "Drive", "Court", "Way", "Boulevard")
CITIES = (
    *(("Anchorage", "AK"), ("Birmingham", "AL"), ("Mobile", "AL"), ("Little Rock", "AR")),
    *(("Flagstaff", "AZ"), ("Tucson", "AZ"), ("Fresno", "CA"), ("Oakland", "CA")),
    *(("Sacramento", "CA"), ("San Jose", "CA"), ("Boulder", "CO"), ("Denver", "CO")),
    *(("Hartford", "CT"), ("Wilmington", "DE"), ("Orlando", "FL"), ("Tampa", "FL")),
    *(("Atlanta", "GA"), ("Savannah", "GA"), ("Honolulu", "HI"), ("Des Moines", "IA")),
    *(("Boise", "ID"), ("Peoria", "IL"), ("Springfield", "IL"), ("Fort Wayne", "IN")),
    *(("Topeka", "KS"), ("Wichita", "KS"), ("Louisville", "KY"), ("Baton Rouge", "LA")),
    *(("Worcester", "MA"), ("Baltimore", "MD"), ("Portland", "ME"), ("Grand Rapids", "MI")),
    *(("Duluth", "MN"), ("Saint Paul", "MN"), ("Kansas City", "MO"), ("Jackson", "MS")),
    *(("Billings", "MT"), ("Asheville", "NC"), ("Raleigh", "NC"), ("Fargo", "ND")),
    *(("Omaha", "NE"), ("Concord", "NH"), ("Newark", "NJ"), ("Albuquerque", "NM")),
    *(("Reno", "NV"), ("Buffalo", "NY"), ("Rochester", "NY"), ("Cleveland", "OH")),
    *(("Dayton", "OH"), ("Tulsa", "OK"), ("Eugene", "OR"), ("Salem", "OR")),
    *(("Erie", "PA"), ("Pittsburgh", "PA"), ("Providence", "RI"), ("Charleston", "SC")),
    *(("Sioux Falls", "SD"), ("Knoxville", "TN"), ("Nashville", "TN"), ("Austin", "TX")),
    *(("El Paso", "TX"), ("Provo", "UT"), ("Richmond", "VA"), ("Burlington", "VT")),
    *(("Spokane", "WA"), ("Tacoma", "WA"), ("Madison", "WI"), ("Casper", "WY")),
)
"""With the two letters of their state."""

DEEDS = (
    *("Assemble", "Bind", "Calibrate", "Clean", "Cut", "Deliver", "Design", "Engrave"),
    *("Finish", "Fit", "Frame", "Inspect", "Install", "Lease", "Maintain", "Mount"),
    *("Pack", "Paint", "Plan", "Polish", "Print", "Repair", "Restore", "Restock"),
    *("Service", "Set up", "Ship", "Store", "Supply", "Test", "Tune", "Upholster"),
)
QUALITIES = (
    *("acoustic", "annual", "antique", "bespoke", "bulk", "ceramic", "compact", "custom"),
    *("digital", "electric", "express", "fragile", "heavy", "imported", "large", "leather"),
    *("lightweight", "local", "modular", "monthly", "portable", "printed", "recycled", "seasonal"),
    *("second-hand", "small", "spare", "standard", "steel", "weatherproof", "wireless", "wooden"),
)
GOODS = (
    *("amplifiers", "banners", "brochures", "cabinets", "cables", "catalogs", "chairs", "counters"),
    *("crates", "curtains", "desks", "displays", "fixtures", "guitars", "headsets", "instruments"),
    *("labels", "lamps", "manuals", "microphones", "panels", "parts", "pianos", "racks"),
    *("screens", "shelves", "signs", "speakers", "stands", "strings", "tiles", "tools"),
)
