using System.Buffers;
using Google.Protobuf;
using Governance.Edge.V1;
using Governance.Gateway.Sending;
using Grpc.Core;

namespace Governance.Gateway.Wire;

/// <summary>What goes to the edge next: readings as columns, or one of the small messages. Used again for every frame.</summary>
internal sealed class Outgoing(FrameWriter writer)
{
    /// <summary>A small message; null when it is <see cref="Columns"/>.</summary>
    internal GatewayFrame? Message { get; set; }
    internal FrameColumns? Columns { get; set; }
    /// <summary>Bytes of what was written last.</summary>
    internal int Bytes { get; private set; }

    internal void WriteTo(SerializationContext context)
    {
        Bytes = Message?.CalculateSize() ?? writer.Measure(Columns!);
        // With the length known beforehand gRPC lends its own buffer, and nothing is copied.
        context.SetPayloadLength(Bytes);
        var buffer = context.GetBufferWriter();
        if (Message is not null) Message.WriteTo(buffer);
        else
        {
            var written = writer.Write(Columns!, buffer.GetSpan(Bytes));
            if (written != Bytes) throw new InvalidOperationException($"a frame of {Bytes} bytes came out with {written}");
            buffer.Advance(written);
        }
        context.Complete();
    }
}

/// <summary>The rpc StreamReadings with a request that writes itself.</summary>
internal static class GatewayCall
{
    private static readonly Method<Outgoing, EdgeFrame> StreamReadings = new(
        MethodType.DuplexStreaming, DeviceGateway.Descriptor.FullName, nameof(DeviceGateway.DeviceGatewayBase.StreamReadings),
        Marshallers.Create<Outgoing>((outgoing, context) => outgoing.WriteTo(context), _ => throw new NotSupportedException("a gateway receives no gateway frames")),
        Marshallers.Create<EdgeFrame>((_, _) => throw new NotSupportedException("a gateway sends no edge frames"), context => EdgeFrame.Parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    internal static AsyncDuplexStreamingCall<Outgoing, EdgeFrame> Open(ChannelBase node, string token, CancellationToken cancel) =>
        node.CreateCallInvoker().AsyncDuplexStreamingCall(StreamReadings, null, new CallOptions(new Metadata { { "authorization", $"Bearer {token}" } }, cancellationToken: cancel));
}
