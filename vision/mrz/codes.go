package mrz

import "strings"

// Listed says whether code is one of the codes of states and authorities of ICAO
// Doc 9303-3, section 5 (without fillers: Germany is "D").
func Listed(code string) bool { return listed[code] }

var listed = func() map[string]bool {
	m := map[string]bool{}
	for _, list := range []string{states, authorities} {
		for code := range strings.FieldsSeq(list) {
			m[code] = true
		}
	}
	return m
}()

// states is ISO 3166-1 alpha-3 with Germany's D in place of DEU.
const states = `
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE
BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA
CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE
D DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM
GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY
HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN
KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA
MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT
NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN
PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA
SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR
TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB
VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE
`

// authorities is the rest of section 5: the United Kingdom's further
// nationalities, international organizations, persons without a defined
// nationality, Kosovo, the European Union and the specimen state Utopia.
const authorities = `
GBD GBN GBO GBP GBS
EUE RKS UNA UNK UNO UTO
XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO
XXA XXB XXC XXX
`
