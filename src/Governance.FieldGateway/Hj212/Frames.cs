using System.Globalization;
using System.Text;

namespace Governance.FieldGateway.Hj212;

/// <summary>Writes frames.</summary>
internal static class Frames
{
    private const int VersionShift = 2;

    /// <summary>A data segment with its mark, length, checksum and end.</summary>
    internal static byte[] Of(string segment)
    {
        var bytes = Encoding.Latin1.GetBytes(segment);
        return Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"##{bytes.Length:0000}{segment}{Crc16.Of(bytes):X4}\r\n"));
    }

    /// <summary>
    /// The data acknowledgement (数据应答, CN=9014): the data logger may forget the upload. 2017 and later name the upload
    /// by QN in the head and say the version in Flag; 2005 names it inside CP.
    /// </summary>
    internal static byte[] DataAcknowledgement(DataSegment upload) => Of(upload.Version == 0
        ? $"ST=91;CN=9014;PW={upload.Pw};MN={upload.Mn};Flag=0;CP=&&QN={upload.Qn};CN={upload.Cn}&&"
        : $"QN={upload.Qn};ST=91;CN=9014;PW={upload.Pw};MN={upload.Mn};Flag={upload.Version << VersionShift};CP=&&&&");
}
