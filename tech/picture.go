package tech

import (
	"bytes"
	"errors"

	"idflow"
	"idflow/vision"
)

// Reasons to refuse a picture before it is decoded or stored.
var (
	ErrPictureTooLarge      = &idflow.Error{Kind: idflow.KindTooLarge, Code: "picture_too_large", Message: "The picture is larger than 25 MB. Send a smaller one."}
	ErrPictureTooManyPixels = idflow.Invalid("picture_too_many_pixels", "", "The picture has more than 40 megapixels. Send a smaller one.")
	ErrPictureNotReadable   = idflow.Invalid("picture_not_readable", "", "This file is damaged, or is no JPEG, PNG or WebP picture. Send another one.")
	// A PDF's pages may be scans, prints of scans or drawn by a program: nobody could
	// tell what was before a camera.
	ErrPicturePDF       = idflow.Invalid("picture_is_pdf", "", "This is a PDF. Photograph the document itself, or send its page as a JPEG picture.")
	ErrPictureHEIC      = idflow.Invalid("picture_is_heic", "", "This is a HEIC picture. Send it as JPEG: phones do that when they are set to \"most compatible\".")
	ErrPictureTypeWrong = idflow.Invalid("picture_type_wrong", "", "The file is not of the type it is said to be. Send it with its own type.")
)

// InspectPicture refuses what no technology would look at. Asker.Inspect of a
// technology that takes pictures is this.
func InspectPicture(contentType string, data []byte) error {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return ErrPicturePDF
	case isHEIC(data):
		return ErrPictureHEIC
	}
	_, err := vision.Inspect(data, contentType)
	return pictureError(err)
}

// isHEIC looks at the brand of an ISO base media file (ISO/IEC 23008-12, annex B).
func isHEIC(data []byte) bool {
	if len(data) < 12 || string(data[4:8]) != "ftyp" {
		return false
	}
	switch string(data[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1":
		return true
	}
	return false
}

func pictureError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, vision.ErrTooLarge):
		return ErrPictureTooLarge
	case errors.Is(err, vision.ErrTooManyPixels):
		return ErrPictureTooManyPixels
	case errors.Is(err, vision.ErrWrongType):
		return ErrPictureTypeWrong
	default:
		return ErrPictureNotReadable
	}
}
