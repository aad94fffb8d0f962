using System.Globalization;

namespace Governance.FieldGateway.Hj212;

/// <summary>Times of HJ 212 are local time in China: Asia/Shanghai, UTC+8 without daylight saving since 1992.</summary>
internal static class ChinaTime
{
    private static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>DataTime or SampleTime, yyyyMMddHHmmss. Null when it is no time.</summary>
    internal static DateTimeOffset? OfData(string text) => Of(text, "yyyyMMddHHmmss");

    /// <summary>QN, yyyyMMddHHmmssfff. Null when it is no time, which it need not be.</summary>
    internal static DateTimeOffset? OfRequest(string text) => Of(text, "yyyyMMddHHmmssfff");

    private static DateTimeOffset? Of(string text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? new DateTimeOffset(local, Offset).ToUniversalTime() : null;
}
