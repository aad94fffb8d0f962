namespace Governance.FieldGateway.Telemetry;

/// <summary>
/// Names of everything that goes wrong in the field. Each is counted for the station or device that it happened to, and
/// told in a log line that is limited in rate. README.md says what is lost with each.
/// </summary>
internal static class Reasons
{
    // Bytes of a data logger.
    /// <summary>The checksum does not fit (HJ 212-2017, appendix A).</summary>
    internal const string BadCrc = "BAD_CRC";
    /// <summary>The four digits of length are none, or the frame does not end where they say.</summary>
    internal const string WrongLength = "WRONG_LENGTH";
    /// <summary>Longer than <c>segment_limit_bytes</c>.</summary>
    internal const string FrameTooLarge = "FRAME_TOO_LARGE";
    /// <summary>Bytes between frames.</summary>
    internal const string Garbage = "GARBAGE";
    /// <summary>Nothing but garbage for <c>garbage_limit_bytes</c>: the connection is closed.</summary>
    internal const string Hopeless = "HOPELESS";
    /// <summary>A frame began and did not end within <c>frame_within_s</c>: the connection is closed unless there are frames in what came.</summary>
    internal const string FrameTimeout = "FRAME_TIMEOUT";
    /// <summary>The connection ended in the middle of a frame.</summary>
    internal const string FrameCut = "FRAME_CUT";
    /// <summary>Nothing came for <c>idle_limit_s</c>: the connection is closed.</summary>
    internal const string Idle = "IDLE";
    internal const string TooManyConnections = "TOO_MANY_CONNECTIONS";
    /// <summary>The data logger does not take its answers: the connection is closed.</summary>
    internal const string AnswerNotRead = "ANSWER_NOT_READ";

    // What a frame says.
    /// <summary>The data segment is not made of fields, lacks MN, PW, CN or CP, or has one twice.</summary>
    internal const string BadSegment = "BAD_SEGMENT";
    internal const string UnknownStation = "UNKNOWN_STATION";
    internal const string WrongPassword = "WRONG_PASSWORD";
    /// <summary>A command (CN) that is no upload of data.</summary>
    internal const string UnknownCommand = "UNKNOWN_COMMAND";
    /// <summary>QN is longer than 20 characters or has others than letters and digits.</summary>
    internal const string BadRequestNumber = "BAD_QN";
    /// <summary>An answer is wanted and there is no QN to answer.</summary>
    internal const string NoRequestNumber = "NO_QN";
    /// <summary>DataTime is missing or no time.</summary>
    internal const string BadTime = "BAD_TIME";
    /// <summary>A factor that is not configured: passed over.</summary>
    internal const string UnknownFactor = "UNKNOWN_FACTOR";
    /// <summary>A value that is no finite number: a reading without value, quality bad.</summary>
    internal const string NotANumber = "NOT_A_NUMBER";
    /// <summary>A configured factor came without the value that is asked for: a reading without value.</summary>
    internal const string NoValue = "NO_VALUE";
    /// <summary>A flag letter that is not configured: quality bad.</summary>
    internal const string UnknownFlag = "UNKNOWN_FLAG";
    /// <summary>PNUM or PNO is missing, no number or out of range.</summary>
    internal const string SplitInvalid = "SPLIT_INVALID";
    /// <summary>A split upload was not complete in time, or another one began.</summary>
    internal const string SplitIncomplete = "SPLIT_INCOMPLETE";
    /// <summary>An upload that was kept before: answered again, no second reading.</summary>
    internal const string Repeated = "REPEATED";
    /// <summary>A QN that was used for other content: taken as a new upload.</summary>
    internal const string RequestNumberReused = "QN_REUSED";
    /// <summary>Told as taken long ago (<c>late_after_s</c>).</summary>
    internal const string Late = "LATE";

    // Keeping.
    /// <summary>There is no room: not taken. A data logger gets no answer and sends again; a polled value is lost.</summary>
    internal const string BufferFull = "BUFFER_FULL";
    /// <summary>Taken, and not proven to be kept within <c>keep_within_s</c>: no answer.</summary>
    internal const string NotKept = "NOT_KEPT";
    /// <summary>The disk takes nothing; readings leave without it, answers wait for the edge.</summary>
    internal const string BufferFault = "BUFFER_FAULT";
    /// <summary>The edge will not have this gateway: nothing is taken.</summary>
    internal const string Fenced = "FENCED";
    /// <summary>The edge finally refused readings; the detail has its own reason.</summary>
    internal const string RefusedByEdge = "REFUSED_BY_EDGE";

    // Modbus.
    /// <summary>No connection, or it broke: readings without value, quality communication fault.</summary>
    internal const string LinkDown = "LINK_DOWN";
    /// <summary>Connected, but no answer within <c>timeout_ms</c>, or a bridge that says so of the device behind it: as LINK_DOWN.</summary>
    internal const string NoAnswer = "NO_ANSWER";
    /// <summary>The device answered with an exception: readings without value, quality bad.</summary>
    internal const string DeviceException = "DEVICE_EXCEPTION";
    /// <summary>A poll took longer than the period: the polls that were due meanwhile are left out.</summary>
    internal const string PollOverrun = "POLL_OVERRUN";
    /// <summary>libmodbus is not installed.</summary>
    internal const string LibraryMissing = "LIBMODBUS_MISSING";
    /// <summary>A failure that no other name describes.</summary>
    internal const string Unexpected = "UNEXPECTED";

    /// <summary>All names, for documents and tests.</summary>
    internal static IEnumerable<string> All => typeof(Reasons).GetFields(System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);
}
