"""Whether a PDF from outside is the paper that was issued: its text is read and compared with the issued one."""
