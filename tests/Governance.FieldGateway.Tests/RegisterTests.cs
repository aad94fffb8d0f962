using Governance.FieldGateway.Config;
using Governance.FieldGateway.Modbus;

namespace Governance.FieldGateway.Tests;

/// <summary>Registers as numbers, and many points in few requests.</summary>
public sealed class RegisterTests
{
    private static PointConfig Point(RegisterType type, int address = 0, ModbusTable table = ModbusTable.Holding, bool wordLittle = false, bool byteLittle = false, StatusConfig? status = null) =>
        new(new Place(0, address, $"HS/{address}"), table, address, type, wordLittle, byteLittle, 1, 0, status);

    [Theory]
    [InlineData("Int16", false, false, -2.0, 0xFFFE)]
    [InlineData("UInt16", false, false, 65534.0, 0xFFFE)]
    [InlineData("UInt16", false, true, 0x3412, 0x1234)]
    [InlineData("Int32", false, false, -2.0, 0xFFFF, 0xFFFE)]
    [InlineData("Int32", true, false, -2.0, 0xFFFE, 0xFFFF)]
    [InlineData("UInt32", false, false, 0x12345678, 0x1234, 0x5678)]
    [InlineData("UInt32", true, false, 0x56781234, 0x1234, 0x5678)]
    [InlineData("UInt32", false, true, 0x34127856, 0x1234, 0x5678)]
    [InlineData("UInt32", true, true, 0x78563412, 0x1234, 0x5678)]
    // 123.456 as IEEE 754 single: 42 F6 E9 79.
    [InlineData("Float32", false, false, 123.456f, 0x42F6, 0xE979)]
    [InlineData("Float32", true, false, 123.456f, 0xE979, 0x42F6)]
    [InlineData("Float32", false, true, 123.456f, 0xF642, 0x79E9)]
    [InlineData("Float32", true, true, 123.456f, 0x79E9, 0xF642)]
    // -1.5 as IEEE 754 double: BF F8 and zeros.
    [InlineData("Float64", false, false, -1.5, 0xBFF8, 0, 0, 0)]
    [InlineData("Float64", true, false, -1.5, 0, 0, 0, 0xBFF8)]
    public void Every_type_in_every_order(string type, bool wordLittle, bool byteLittle, double value, params int[] registers) =>
        Assert.Equal(value, RegisterValue.Of(Point(Enum.Parse<RegisterType>(type), wordLittle: wordLittle, byteLittle: byteLittle), [.. registers.Select(r => (ushort)r)]));

    [Fact]
    public void Neighbours_are_read_together_and_strangers_apart()
    {
        PointConfig[] points = [Point(RegisterType.Float32, 4), Point(RegisterType.Float32, 0), Point(RegisterType.UInt16, 2), Point(RegisterType.UInt16, 3), Point(RegisterType.UInt16, 10), Point(RegisterType.UInt16, 2, ModbusTable.Input)];
        Assert.Equal([new ReadBlock(ModbusTable.Holding, 0, 6), new ReadBlock(ModbusTable.Holding, 10, 1), new ReadBlock(ModbusTable.Input, 2, 1)], ReadPlan.Of(points, 0));
        Assert.Equal([new ReadBlock(ModbusTable.Holding, 0, 11), new ReadBlock(ModbusTable.Input, 2, 1)], ReadPlan.Of(points, 4));
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Every_point_is_covered_by_one_request_within_the_limits(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var points = Enumerable.Range(0, random.Next(1, 200)).Select(_ =>
            {
                var table = (ModbusTable)random.Next(4);
                var type = table is ModbusTable.Coil or ModbusTable.Discrete ? RegisterType.Bit : (RegisterType)random.Next(1, 7);
                return Point(type, random.Next(3_000), table, status: random.Next(3) == 0 ? new StatusConfig((ModbusTable)random.Next(4), random.Next(3_000), 0, true, Governance.Edge.V1.Quality.Bad) : null);
            }).ToList();
            var gap = random.Next(0, 20);
            var plan = ReadPlan.Of(points, gap);
            Assert.All(plan, b => Assert.InRange(b.Count, 1, b.Table is ModbusTable.Coil or ModbusTable.Discrete ? ReadPlan.BitsLimit : ReadPlan.RegistersLimit));
            Assert.All(points.SelectMany(ReadPlan.Wanted), w => Assert.Contains(plan, b => b.Table == w.Table && b.Address <= w.Address && w.End <= b.End));
        }
    }
}
