using System.Text;
using Governance.FieldGateway.Hj212;

namespace Governance.FieldGateway.Tests;

/// <summary>Frames as the standard and real data loggers write them.</summary>
public sealed class CodecTests
{
    /// <summary>Published frames: HJ 212-2017 chapter 6.3.1 (CN 1062), and uploads and answers of loggers of several makers.</summary>
    public static TheoryData<string> Published => new()
    {
        "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n",
        "##0457QN=20210320163101890;ST=32;CN=2011;PW=123456;MN=81733553213013;Flag=4;CP=&&DataTime=20210320013400;w00000-Rtd=181.682,w00000-Flag=N;w21001-SampleTime=20210320005400,w21001-Rtd=45.160,w21001-Flag=N;w21011-SampleTime=20210320013400,w21011-Rtd=1.970,w21011-Flag=N;w21003-SampleTime=20210320013400,w21003-Rtd=53.131,w21003-Flag=N;w01018-SampleTime=20210320013400,w01018-Rtd=194.200,w01018-Flag=N;w01001-SampleTime=20210320013406,w01001-Rtd=7.496,w01001-Flag=N&&6E80\r\n",
        "##0239QN=20180821142509000;ST=39;CN=2011;PW=123456;MN=690000D5800028F889221AC0;Flag=4;CP=&&DataTime=20180821142509;a34004-Rtd=0.0;a34002-Rtd=0.0;a34001-Rtd=0.0;LA-Rtd=0.0;a01001-Rtd=0.0;a01002-Rtd=0.0;a01006-Rtd=0.0;a01007-Rtd=0.0;a01008-Rtd=0&&E541\r\n",
        "##0317QN=20191018104952418;ST=22;CN=2011;PW=123456;MN=ZX00001;Flag=5;CP=&&DataTime=20191018104900;a34002-Rtd=30,a34002-Flag=N;a34004-Rtd=25,a34004-Flag=N;a01001-Rtd=13.5,a01001-Flag=N;a01002-Rtd=43.8,a01002-Flag=N;a01008-Rtd=30,a01008-Flag=N;a01007-Rtd=3.5,a01007-Flag=N;a34001-Rtd=132,a34001-Flag=N;LA-Rtd=66.8,LA-Flag=N&&AF01\r\n",
        "##0367QN=20200814151600001;ST=22;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=7;CP=&&DataTime=20200814151600;LA-td=50.1,LA-Flag=N;a34004-Rtd=207,a34004-Flag=N;a34002-Rtd=295,a34002-Flag=N;a01001-Rtd=12.6,a01001-Flag=N;a01002-Rtd=32,a01002-Flag=N;a01006-Rtd=101.02,a01006-Flag=N;a01007-Rtd=2.1,a01007-Flag=N;a01008-Rtd=120,a01008-Flag=N;a34001-Rtd=217,a34001-Flag=N;&&5CC0\r\n",
        "##0078QN=20201008154743635;ST=91;CN=9014;PW=123456;MN=SD000001;Flag=9;CP=&&QnRtn=1&&71c0\r\n",
        "##0075QN=20260706103512345;ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=8;CP=&&&&0140\r\n",
    };

    [Theory, MemberData(nameof(Published))]
    public void Published_frames_are_read_and_written_as_they_are(string frame)
    {
        var (splitter, pieces) = (new FrameSplitter(1_024), new List<Piece>());
        splitter.Feed(Encoding.Latin1.GetBytes(frame), pieces);
        var piece = Assert.Single(pieces);
        Assert.Equal(PieceKind.Frame, piece.Kind);
        Assert.NotNull(DataSegment.Parse(piece.Segment, out var why));
        Assert.Empty(why);
        Assert.Equal(frame, Encoding.Latin1.GetString(Frames.Of(piece.Segment)), ignoreCase: true);
    }

    [Fact]
    public void Fields_and_factors_are_understood()
    {
        var segment = DataSegment.Parse("QN=20210320163101890;ST=32;CN=2011;PW=123456;MN=M;Flag=7;PNUM=3;PNO=2;CP=&&DataTime=20210320013400;w21001-SampleTime=20210320005400,w21001-Rtd=45.160,w21001-Flag=N;a-b-Rtd=1&&", out _)!;
        Assert.Equal(("20210320163101890", "2011", "123456", "M", 1, 3, 2, true, true), (segment.Qn, segment.Cn, segment.Pw, segment.Mn, segment.Version, segment.Pnum, segment.Pno, segment.WantsAnswer, segment.IsSplit));
        var content = UploadContent.Parse(segment.Content, out _)!;
        Assert.Equal(new DateTimeOffset(2021, 3, 19, 17, 34, 0, TimeSpan.Zero), content.DataTime);
        Assert.Equal(["a-b", "w21001"], content.Factors.Keys.Order());
        Assert.Equal("45.160", content.Factors["w21001"]["Rtd"]);
    }

    /// <summary>Bit 1 of Flag without PNUM, as in the standard's own examples: the frame is whole.</summary>
    [Fact]
    public void Split_without_a_number_is_whole() => Assert.False(DataSegment.Parse("QN=1;CN=2011;PW=1;MN=M;Flag=7;CP=&&&&", out _)!.IsSplit);

    [Theory]
    [InlineData("CN=2011;PW=1;MN=M;Flag=5", "CP is missing")]
    [InlineData("CN=2011;PW=1;MN=M;CP=&&DataTime=1", "CP is missing")]
    [InlineData("CN=2011;PW=1;MN=M;CP=&&a&&trailing", "CP is missing")]
    [InlineData("CN=2011;PW=1;CP=&&&&", "MN is missing")]
    [InlineData("CN=2011;MN=M;CP=&&&&", "PW is missing")]
    [InlineData("PW=1;MN=M;CP=&&&&", "CN is missing")]
    [InlineData("CN=2011;MN=M;MN=N;PW=1;CP=&&&&", "MN stands there twice")]
    [InlineData("CN=2011;MN=M;nonsense;PW=1;CP=&&&&", "a field without =")]
    [InlineData("CN=2011;MN=M;PW=1;Flag=x;CP=&&&&", "no number")]
    [InlineData("CN=2011;MN=M;PW=1;Flag=999;CP=&&&&", "no number")]
    [InlineData("CN=2011;MN=M;PW=1;Flag=-1;CP=&&&&", "no number")]
    public void What_is_no_data_segment_says_why(string text, string why)
    {
        Assert.Null(DataSegment.Parse(text, out var told));
        Assert.Contains(why, told);
    }

    [Theory]
    [InlineData("a-Rtd=1", "missing")]
    [InlineData("DataTime=20251301000000;a-Rtd=1", "no time")]
    [InlineData("DataTime=2025080314100;a-Rtd=1", "no time")]
    [InlineData("DataTime=20250803141000;a-Rtd=1;DataTime=20250803141001", "two different")]
    public void Content_without_a_time_says_why(string text, string why)
    {
        Assert.Null(UploadContent.Parse(text, out var told));
        Assert.Contains(why, told);
    }

    [Fact]
    public void An_answer_is_of_the_version_of_the_upload()
    {
        string Answer(string upload) => Encoding.Latin1.GetString(Frames.DataAcknowledgement(DataSegment.Parse(upload, out _)!))[6..^6];
        Assert.Equal("QN=20160801085000001;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&", Answer("QN=20160801085000001;ST=22;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&"));
        Assert.Equal("QN=2;ST=91;CN=9014;PW=1;MN=M;Flag=8;CP=&&&&", Answer("QN=2;ST=22;CN=2011;PW=1;MN=M;Flag=9;CP=&&&&"));
        Assert.Equal("ST=91;CN=9014;PW=123456;MN=M;Flag=0;CP=&&QN=20040516010101001;CN=2051&&", Answer("QN=20040516010101001;ST=32;CN=2051;PW=123456;MN=M;Flag=1;CP=&&&&"));
    }
}
