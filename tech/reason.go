package tech

import "idflow"

// ReasonPictureUnreadable is given for a picture whose header was right and
// whose pixels are not.
const ReasonPictureUnreadable idflow.Reason = "picture_unreadable"
