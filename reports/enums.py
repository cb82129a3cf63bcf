"""The closed vocabularies of the house. A leaf: it imports nothing of ours.

Values are stored in the database and in dossiers, so they never change once released; labels are
the words officials use and may.
"""

from django.db.models import IntegerChoices, TextChoices


class Role(TextChoices):
    """What a person does at a unit, for a time (`RoleAssignment`)."""

    CLERK = "clerk", "Công chức lập báo cáo"
    LEADER = "leader", "Lãnh đạo ký"
    RECORDS = "records", "Văn thư"
    REVIEWER = "reviewer", "Người thẩm định"
    ADMIN = "admin", "Quản trị"


#: The roles held at a unit that reports, and at an office that asks for reports.
AT_UNIT = frozenset({Role.CLERK, Role.LEADER, Role.RECORDS})
AT_SUPERIOR = frozenset({Role.REVIEWER, Role.ADMIN})


class Place(TextChoices):
    """Where a role must be held to count for a report."""

    OWN = "own", "tại đơn vị báo cáo"
    SUPERIOR = "superior", "tại cơ quan cấp trên nhận báo cáo"


class State(TextChoices):
    """Where a report stands, from the commune's desk to the superior's and back."""

    DRAFT = "draft", "Đang soạn"
    PRESENTED = "presented", "Đã trình lãnh đạo"
    SIGNED = "signed", "Đã ký duyệt"
    SENT = "sent", "Đã gửi"
    REVIEWING = "reviewing", "Đang thẩm định"
    RETURNED = "returned", "Yêu cầu chỉnh lý"
    APPROVED = "approved", "Đã phê duyệt"
    ISSUED = "issued", "Đã phát hành"
    EXCLUDED = "excluded", "Không phải báo cáo"


class Verb(TextChoices):
    """What a person may want to do with a report."""

    VIEW = "view", "Xem"
    EDIT = "edit", "Nhập liệu"
    EXPORT = "export", "Tải văn bản"
    PRESENT = "present", "Trình lãnh đạo"
    TAKE_BACK = "take_back", "Lấy lại để sửa"
    SEND_BACK = "send_back", "Trả lại để sửa"
    SIGN_OFF = "sign_off", "Ký duyệt"
    SEND = "send", "Gửi báo cáo"
    WITHDRAW = "withdraw", "Rút lại"
    BEGIN_REVIEW = "begin_review", "Bắt đầu thẩm định"
    PUT_BACK = "put_back", "Hủy thẩm định"
    COMMENT = "comment", "Ghi ý kiến"
    RETURN = "return", "Yêu cầu chỉnh lý"
    APPROVE = "approve", "Phê duyệt"
    ISSUE = "issue", "Phát hành"
    CORRECT_ISSUE = "correct_issue", "Sửa số, ngày ban hành"
    REOPEN = "reopen", "Mở lại"
    EXCLUDE = "exclude", "Loại trừ"
    INCLUDE = "include", "Đưa lại vào danh sách"
    TAKE_OVER = "take_over", "Nhập thay đơn vị"
    HAND_BACK = "hand_back", "Giao lại đơn vị"
    ASK_REOPEN = "ask_reopen", "Đề nghị mở thêm phần"
    OPEN_SECTION = "open_section", "Mở thêm phần"
    CLOSE_SECTION = "close_section", "Khóa lại phần mở thêm"
    ASK_EXTENSION = "ask_extension", "Xin gia hạn"
    EXTEND = "extend", "Gia hạn"
    ATTACH_SIGNED = "attach_signed", "Nạp bản đã ký"
    REMIND = "remind", "Nhắc gửi"


class Given(TextChoices):
    """What must hold of a report, beside its state, for a rule to apply."""

    LEADER = "leader", "đơn vị có tài khoản lãnh đạo"
    NO_LEADER = "no_leader", "đơn vị không có tài khoản lãnh đạo"
    NO_RECORDS = "no_records", "đơn vị không có tài khoản văn thư"
    ON_BEHALF = "on_behalf", "cấp trên đang nhập thay"


class Mailing(TextChoices):
    """How a person wants mail; none chosen: by the desk (`notices.post_of`)."""

    EACH = "each", "Mỗi việc một thư"
    DIGEST = "digest", "Một thư tổng hợp mỗi ngày"
    NONE = "none", "Không gửi thư, chỉ báo trong hệ thống"


class Post(TextChoices):
    """What mail a notice has, or why it has none."""

    LETTER = "letter", "Thư riêng"
    DIGEST = "digest", "Thư tổng hợp"
    QUIET = "quiet", "Chỉ báo trong hệ thống"
    UNWANTED = "unwanted", "Người nhận chọn không nhận thư"
    NO_ADDRESS = "no_address", "Chưa có địa chỉ thư"
    OFF = "off", "Hệ thống chưa được đặt máy chủ thư"


class NoticeKind(TextChoices):
    """What a notice is about."""

    MOVE = "move", "Báo cáo chuyển bước"
    REMARK = "remark", "Ý kiến"
    DUE = "due", "Nhắc hạn"
    REMINDER = "reminder", "Cơ quan cấp trên nhắc"
    OPENED = "opened", "Mở kỳ báo cáo"
    LATE = "late", "Đơn vị chưa gửi"


class Section(TextChoices):
    """The parts of a report, each one page of entry."""

    DIRECTION = "direction", "Chỉ đạo, điều hành"
    INSTITUTIONAL = "institutional", "Cải cách thể chế"
    PROCEDURES = "procedures", "Cải cách thủ tục hành chính"
    ORGANISATION = "organisation", "Cải cách tổ chức bộ máy"
    CIVIL_SERVICE = "civil_service", "Cải cách chế độ công vụ"
    FINANCE = "finance", "Cải cách tài chính công"
    EGOV = "egov", "Chính quyền điện tử, chính quyền số"
    EVALUATION = "evaluation", "Đánh giá chung"
    PLAN = "plan", "Phương hướng, nhiệm vụ"
    RECOMMENDATIONS = "recommendations", "Kiến nghị, đề xuất"
    APPENDIX = "appendix", "Phụ lục số liệu"
    PAPER = "paper", "Thể thức văn bản"


class Progress(TextChoices):
    """How far the entry of one section has come."""

    EMPTY = "empty", "Chưa nhập"
    BEGUN = "begun", "Đang nhập"
    COMPLETE = "complete", "Đã đủ"
    ERRORS = "errors", "Có lỗi"


class Severity(TextChoices):
    """What a finding of the checks asks before a report may go (`reports.checks`)."""

    ERROR = "error", "Phải sửa"
    WARNING = "warning", "Cần giải trình"


class ValueKind(TextChoices):
    """What kind of value a figure holds."""

    COUNT = "count", "số đếm"
    AMOUNT = "amount", "số tiền"
    DECIMAL = "decimal", "số thập phân"
    PERCENT = "percent", "tỷ lệ phần trăm"
    CODE = "code", "mã số theo chú giải"
    TEXT = "text", "văn bản"
    DATE = "date", "ngày"


class Rollup(TextChoices):
    """How a superior adds a figure up over its units."""

    SUM = "sum", "cộng"
    RATIO = "ratio", "tính lại từ các thành phần"
    NONE = "none", "không cộng"


class MarkKind(TextChoices):
    """A remark on a value that its column cannot hold."""

    NONE_ARISEN = "none_arisen", "Không phát sinh"
    STATED = "stated", "Ghi theo văn bản gốc"
    CARRIED = "carried", "Lấy từ kỳ trước, chưa xác nhận"


class Placement(TextChoices):
    """Where the clerk's narrative stands beside the sentences made from figures."""

    AFTER = "after", "Sau phần số liệu"
    BEFORE = "before", "Trước phần số liệu"
    INSTEAD = "instead", "Thay cho câu soạn sẵn"


class EvidenceKind(TextChoices):
    """Kinds of file taken as evidence."""

    PDF = "pdf", "PDF"
    JPG = "jpg", "ảnh JPG"
    PNG = "png", "ảnh PNG"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    DOC = "doc", "Word 97–2003"
    XLS = "xls", "Excel 97–2003"


class Coverage(TextChoices):
    """How much of the file a digital signature stands for."""

    WHOLE = "whole", "Chữ ký bao trùm toàn văn"
    SIGNED_ON = "signed_on", "Chữ ký bao trùm toàn văn lúc ký; sau đó chỉ thêm chữ ký khác"
    ADDED_TO = "added_to", "Chữ ký không bao trùm phần thêm hoặc sửa sau đó"


class Trust(TextChoices):
    """Whether whoever issued the certificate of a signature is known to this portal."""

    TRUSTED = "trusted", "Chứng thư tin cậy"
    UNKNOWN = "unknown", "Chưa xác định được tổ chức cấp chứng thư"
    EXPIRED = "expired", "Chứng thư ngoài thời hạn hiệu lực"
    REVOKED = "revoked", "Chứng thư đã bị thu hồi"
    WEAK = "weak", "Chữ ký dùng thuật toán cũ (như SHA-1), không còn được coi là an toàn"


class Match(TextChoices):
    """What was found when the text of a signed copy was compared with the issued paper."""

    UNCOMPARED = "none", "Chưa đối chiếu với văn bản đã phát hành"
    SAME_BYTES = "same_bytes", "Chính là tệp PDF đã phát hành, có phần ghi thêm như chữ ký số"
    SAME_TEXT = "same_text", "Phần chữ giống hệt văn bản đã phát hành"
    TEXT_ADDED = "text_added", "Phần chữ giống văn bản đã phát hành, có dấu hiệu chữ ký thêm vào"
    SCAN = "scan", "Bản quét, không có phần chữ để hệ thống so với văn bản đã phát hành"
    RECOGNISED = "ocr", "Bản quét, phần chữ do máy nhận dạng nên hệ thống không so được chắc chắn"
    UNREAD = "unread", "Hệ thống không đọc được phần chữ để so với văn bản đã phát hành"

    @property
    def sure(self) -> bool:
        """Whether the file is known to say what was issued."""
        return self in (Match.SAME_BYTES, Match.SAME_TEXT, Match.TEXT_ADDED)


class DocumentKind(TextChoices):
    """Kinds of administrative document: Nghị định 30/2020/NĐ-CP, Phụ lục III, and laws cited."""

    RESOLUTION = "nghi_quyet", "Nghị quyết"
    DECISION = "quyet_dinh", "Quyết định"
    DIRECTIVE = "chi_thi", "Chỉ thị"
    REGULATION = "quy_che", "Quy chế"
    RULES = "quy_dinh", "Quy định"
    COMMUNIQUE = "thong_cao", "Thông cáo"
    NOTICE = "thong_bao", "Thông báo"
    GUIDANCE = "huong_dan", "Hướng dẫn"
    PROGRAMME = "chuong_trinh", "Chương trình"
    PLAN = "ke_hoach", "Kế hoạch"
    SCHEME = "phuong_an", "Phương án"
    PROPOSAL = "de_an", "Đề án"
    PROJECT = "du_an", "Dự án"
    REPORT = "bao_cao", "Báo cáo"
    MINUTES = "bien_ban", "Biên bản"
    SUBMISSION = "to_trinh", "Tờ trình"
    CONTRACT = "hop_dong", "Hợp đồng"
    TELEGRAM = "cong_dien", "Công điện"
    MEMORANDUM = "ban_ghi_nho", "Bản ghi nhớ"
    AGREEMENT = "ban_thoa_thuan", "Bản thỏa thuận"
    AUTHORISATION = "giay_uy_quyen", "Giấy ủy quyền"
    INVITATION = "giay_moi", "Giấy mời"
    INTRODUCTION = "giay_gioi_thieu", "Giấy giới thiệu"
    LEAVE = "giay_nghi_phep", "Giấy nghỉ phép"
    DISPATCH_SLIP = "phieu_gui", "Phiếu gửi"
    TRANSFER_SLIP = "phieu_chuyen", "Phiếu chuyển"
    NOTIFICATION_SLIP = "phieu_bao", "Phiếu báo"
    OFFICIAL_LETTER = "cong_van", "Công văn"
    LAW = "luat", "Luật"
    DRAFT_LAW = "du_thao_luat", "Dự thảo Luật"
    DECREE = "nghi_dinh", "Nghị định"
    CIRCULAR = "thong_tu", "Thông tư"
    STANDARD = "tieu_chuan", "Tiêu chuẩn"


class DocumentPurpose(TextChoices):
    """What a cited document is cited for."""

    PLAN = "plan", "Kế hoạch, chương trình"
    GUIDANCE = "guidance", "Chỉ đạo, hướng dẫn"
    REGULATION = "regulation", "Quy chế, quy định"
    DECISION = "decision", "Quyết định"
    REVIEWED = "reviewed", "Văn bản được rà soát"
    BASIS = "basis", "Văn bản của cấp trên, căn cứ"

    @property
    def stays_in_force(self) -> bool:
        """Whether such a document is as a rule still in force a period later; a plan is its year's."""
        return self in (self.REGULATION, self.DECISION, self.BASIS)


class Field(TextChoices):
    """The six fields of reform, and direction itself: the columns of every plan."""

    INSTITUTIONAL = "institutional", "Cải cách thể chế"
    PROCEDURES = "procedures", "Cải cách thủ tục hành chính"
    ORGANISATION = "organisation", "Cải cách tổ chức bộ máy"
    CIVIL_SERVICE = "civil_service", "Xây dựng và nâng cao đội ngũ cán bộ, công chức"
    FINANCE = "finance", "Cải cách tài chính công"
    EGOV = "egov", "Hiện đại hóa hành chính"
    DIRECTION = "direction", "Công tác chỉ đạo, điều hành, tuyên truyền về cải cách hành chính"


class StaffCategory(TextChoices):
    """Categories of commune staff."""

    OFFICIALS = "officials", "Cán bộ"
    CIVIL_SERVANTS = "civil_servants", "Công chức"
    PART_TIME = "part_time", "Người hoạt động không chuyên trách"
    CONTRACT = "contract", "Lao động hợp đồng"


class SurveyMethod(IntegerChoices):
    ONLINE = 0, "Trực tuyến"
    FORMS = 1, "Phát phiếu"
    BOTH = 2, "Kết hợp"


class YesNo(IntegerChoices):
    NO = 0, "Không"
    YES = 1, "Có"


class Connected(IntegerChoices):
    NO = 0, "Chưa kết nối"
    YES = 1, "Đã kết nối"


class Applied(IntegerChoices):
    NO = 0, "Không thực hiện"
    YES = 1, "Có thực hiện"


class VideoConferencing(IntegerChoices):
    NONE = 0, "Chưa có"
    TWO_LEVELS = 1, "2 cấp"
    THREE_LEVELS = 2, "3 cấp"


class Authority(TextChoices):
    """On whose behalf a paper is signed: Nghị định 30/2020/NĐ-CP, Điều 13 và Phụ lục I."""

    COLLECTIVE = "tm", "Thay mặt Ủy ban nhân dân (TM.)"
    DEPUTY = "tm_kt", "Cấp phó ký thay (TM., KT.)"
    ACTING = "q", "Quyền Chủ tịch (TM., Q.)"
    BY_ORDER = "tl", "Thừa lệnh (TL.)"
    BY_DELEGATION = "tuq", "Thừa ủy quyền (TUQ.)"
