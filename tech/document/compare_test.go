package document

import "testing"

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		field, a, b string
		want        agreement
	}{
		{fieldSurname, "ERIKSSON", "Eriksson", agree},
		{fieldSurname, "MUELLER", "Müller", agree},
		{fieldSurname, "MULLER", "Müller", agree},
		{fieldSurname, "NURLANOVA", "НҰРЛАНОВА", agree},
		{fieldSurname, "ZHUNISSOV", "ЖҮНІСОВ", agree},
		{fieldGivenNames, "YERZHAN", "ЕРЖАН", agree},
		{fieldGivenNames, "AIGERIM", "ӘЙГЕРІМ", agree},
		{fieldGivenNames, "ANNA", "ANNA MARIA", agree}, // the zone was too short
		{fieldGivenNames, "ANNA MARIA", "ANNAMARIA", agree},
		{fieldSurname, "VAN DER BERG", "VANDERBERG", agree},
		{fieldSurname, "ERIKSON", "ERIKSSON", agree},
		{fieldSurname, "IVANOV", "IVANOW", agree},
		{fieldSurname, "IVANOVA", "IVAMOVA", near},
		{fieldSurname, "PETROV", "IVANOV", differs},
		{fieldSurname, "", "IVANOV", near},
		{fieldSurname, "LI", "LU", differs},
		{fieldNumber, "L898902C3", "L 898902 C3", agree},
		{fieldNumber, "L8989O2C3", "L898902C3", agree},
		{fieldNumber, "L898902C3", "L898903C3", near},
		{fieldNumber, "L898902C3", "X123456", differs},
		{fieldBirth, "1974-08-12", "1974-08-12", agree},
		{fieldBirth, "1974", "1974-08-12", agree},
		{fieldBirth, "1911-01-01", "2011-01-01", agree},
		{fieldBirth, "1974-08-12", "1974-08-13", near},
		{fieldBirth, "1974-08-12", "1980-01-02", differs},
		{fieldSex, "F", "F", agree},
		{fieldSex, "F", "M", differs},
		{fieldNationality, "KAZ", "RUS", differs},
	} {
		if got := compare(c.field, c.a, c.b); got != c.want {
			t.Errorf("%s: %q and %q: %d, want %d", c.field, c.a, c.b, got, c.want)
		}
		if got := compare(c.field, c.b, c.a); got != c.want {
			t.Errorf("%s: %q and %q the other way round: %d, want %d", c.field, c.b, c.a, got, c.want)
		}
	}
}
