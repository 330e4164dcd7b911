package tech

import (
	"errors"

	"idflow"
	"idflow/vision"
)

// Reasons to refuse a picture before it is decoded or stored.
var (
	ErrPictureTooLarge      = &idflow.Error{Kind: idflow.KindTooLarge, Code: "picture_too_large", Message: "The picture is larger than 25 MB. Send a smaller one."}
	ErrPictureTooManyPixels = idflow.Invalid("picture_too_many_pixels", "", "The picture has more than 40 megapixels. Send a smaller one.")
	ErrPictureNotReadable   = idflow.Invalid("picture_not_readable", "", "This file is damaged, or is no JPEG, PNG or WebP picture. Send another one.")
	ErrPictureTypeWrong     = idflow.Invalid("picture_type_wrong", "", "The file is not of the type it is said to be. Send it with its own type.")
)

// InspectPicture refuses what no technology would look at. Asker.Inspect of a
// technology that takes pictures is this.
func InspectPicture(contentType string, data []byte) error {
	_, err := vision.Inspect(data, contentType)
	return pictureError(err)
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
