package aamva

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// Nobody of these exists.
const (
	version8  = "@\n\x1e\rANSI 636000080002DL00410278ZV03190008DLDAQT64235789\nDCSSPECIMEN\nDDEN\nDACANNA\nDDFN\nDADMARIA\nDDGT\nDCUJR\nDCAD\nDCBK\nDCDPH\nDBD06062019\nDBB06061986\nDBA12102027\nDBC2\nDAU068 in\nDAYBRO\nDAZBLK\nDAW150\nDAG2300 WEST STREET\nDAHAPT 4\nDAIRICHMOND\nDAJVA\nDAK232690000  \nDCF2424244747474786102204\nDCGUSA\nDCK123456789\nDDAF\nDDB06062018\nDDDN\nDDK1\nDDL1\rZVZVA01\r"
	version1  = "@\n\x1e\rAAMVA6360010102DL00390187ZN02260031DLDAQ123456789 \nDAASPECIMEN,ANNA,MARIA\nDAL1 MAIN ST\nDANALBANY\nDAONY\nDAP122070000\nDBB19861231\nDBA20271231\nDBD20200101\nDBCF\nDAU508\nDAYBLU\nDARD\nDASB\nDATNONE\r"
	version3  = "@\n\x1e\rANSI 636010030002DL00410200DLDCTANNA,MARIA\nDCSSPECIMEN\nDAQS123\nDBB12311986\nDBA12312027\nDBD01012020\nDBC2\nDAU173 cm\nDCGUSA\nDAK32301\r"
	canadian  = "@\r\n\x1c\r\nANSI 636012090002DL00410250DLDCSSPECIMEN\r\nDACANNA\r\nDAQD1234-56789\r\nDBB19861231\r\nDBA20271231\r\nDBD20200101\r\nDBC2\r\nDAU165 cm\r\nDAITORONTO\r\nDAJON\r\nDAKM3M1J8\r\nDCGCAN\r\nDAX061\r"
	version10 = "@\n\x1e\rANSI 636055100101ID00310100IDDAQ055\nDCSSPECIMEN\nDACSAM\nDADNONE\nDBB12311986\nDBA12312030\nDBD01012026\nDBC9\nDDEU\nDAU5'08\"\nDCGUSA\nDAJGA\r"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Licence
		missing    []string
	}{
		{"version 8", version8, Licence{
			IIN: "636000", Version: 8, Kind: "DL", Jurisdiction: "VA", Country: "USA", Number: "T64235789",
			Discriminator: "2424244747474786102204", Inventory: "123456789",
			Surname: "SPECIMEN", Given: "ANNA", Middle: "MARIA", Suffix: "JR", Cut: Cut{"N", "N", "T"},
			Birth: "1986-06-06", Issued: "2019-06-06", Expires: "2027-12-10", Revised: "2018-06-06",
			Sex: "F", HeightCM: 173, WeightKG: 68, Eyes: "BRO", Hair: "BLK",
			Street: "2300 WEST STREET", Street2: "APT 4", City: "RICHMOND", Region: "VA", Postal: "23269",
			Class: "D", Restrictions: "K", Endorsements: "PH", Compliance: "F", Donor: true, Veteran: true,
		}, nil},
		{"version 1, a name in one piece", version1, Licence{
			IIN: "636001", Version: 1, Kind: "DL", Jurisdiction: "NY", Country: "USA", Number: "123456789",
			Surname: "SPECIMEN", Given: "ANNA", Middle: "MARIA",
			Birth: "1986-12-31", Issued: "2020-01-01", Expires: "2027-12-31", Sex: "F", HeightCM: 173, Eyes: "BLU",
			Street: "1 MAIN ST", City: "ALBANY", Region: "NY", Postal: "12207", Class: "D", Restrictions: "B",
		}, nil},
		{"version 3, given names in one piece", version3, Licence{
			IIN: "636010", Version: 3, Kind: "DL", Jurisdiction: "FL", Country: "USA", Number: "S123",
			Surname: "SPECIMEN", Given: "ANNA", Middle: "MARIA",
			Birth: "1986-12-31", Issued: "2020-01-01", Expires: "2027-12-31", Sex: "F", HeightCM: 173, Postal: "32301",
		}, nil},
		{"Canada, another separator and doubled line ends", canadian, Licence{
			IIN: "636012", Version: 9, Kind: "DL", Jurisdiction: "ON", Country: "CAN", Number: "D1234-56789",
			Surname: "SPECIMEN", Given: "ANNA", Birth: "1986-12-31", Issued: "2020-01-01", Expires: "2027-12-31",
			Sex: "F", HeightCM: 165, WeightKG: 61, City: "TORONTO", Region: "ON", Postal: "M3M 1J8",
		}, nil},
		{"version 10, an identity card", version10, Licence{
			IIN: "636055", Version: 10, JurisdictionVersion: 1, Kind: "ID", Jurisdiction: "GA", Country: "USA", Number: "055",
			Surname: "SPECIMEN", Given: "SAM", Cut: Cut{Surname: "U"}, Birth: "1986-12-31", Issued: "2026-01-01", Expires: "2030-12-31",
			Sex: "X", HeightCM: 173, Region: "GA",
		}, nil},
		{"nothing in front and no subfile table", "ANSI 636015040000DLDAQ1\nDBB99999999\nDBCQ\nDAU999 in\n", Licence{
			IIN: "636015", Version: 4, Kind: "DL", Jurisdiction: "TX", Country: "USA", Number: "1",
			Unreadable: []string{"DBB", "DBC", "DAU"},
		}, []string{"DBA", "DBD", "DCS"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if m := got.Missing(); !reflect.DeepEqual(m, c.missing) {
				t.Errorf("missing %v, want %v", m, c.missing)
			}
			got.Elements = nil
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestParseElements(t *testing.T) {
	l, err := Parse(version8)
	if err != nil {
		t.Fatal(err)
	}
	if l.Elements["ZVA"] != "01" || l.Elements["DAK"] != "232690000" || len(l.Identifiers()) != len(l.Elements) {
		t.Errorf("%q", l.Elements)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":          {"", ErrHeader},
		"another text":     {"https://example.org/ANSI", ErrHeader},
		"no IIN":           {"@\n\x1e\rANSI 63600", ErrHeader},
		"letters in IIN":   {"@\n\x1e\rANSI 6360X0080001DLDAQ1", ErrHeader},
		"nothing follows":  {"@\n\x1e\rANSI 636000080001DL00310000", ErrElements},
		"far too long":     {"@\n\x1e\rANSI 636000080001DLDAQ" + strings.Repeat("1", maxText), ErrTooLong},
		"lines of nothing": {"@\n\x1e\rANSI 636000080001" + strings.Repeat("\n", 100), ErrElements},
	} {
		if _, err := Parse(c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDateOrders(t *testing.T) {
	for _, c := range []struct {
		text      string
		yearFirst bool
		want      string
	}{
		{"06071986", false, "1986-06-07"},
		{"19860706", true, "1986-07-06"},
		{"19860706", false, "1986-07-06"}, // an issuer that keeps to the other order
		{"06071986", true, "1986-06-07"},
		{"02301986", false, ""},
		{"20202020", false, ""},
		{"0607198", false, ""},
	} {
		if got, _ := parseDate(c.text, c.yearFirst); got != c.want {
			t.Errorf("%s, %v: %s, want %s", c.text, c.yearFirst, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{version8, version1, version3, canadian, version10} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := Parse(s)
		if err != nil {
			return
		}
		if len(s) > maxText || len(l.IIN) != 6 || len(l.Elements) == 0 || l.Version > 99 {
			t.Errorf("%+v", l)
		}
		for _, d := range []string{l.Birth, l.Issued, l.Expires, l.Revised} {
			if len(d) != 0 && len(d) != 10 {
				t.Errorf("date %q", d)
			}
		}
		if l.HeightCM < 0 || l.HeightCM > 275 || l.WeightKG < 0 || l.WeightKG > 500 {
			t.Errorf("%d cm, %d kg", l.HeightCM, l.WeightKG)
		}
		for _, id := range l.Unreadable {
			if l.Elements[id] == "" {
				t.Errorf("%s cannot be read and is not there", id)
			}
		}
	})
}
