using System.Net;
using System.Net.Sockets;

namespace Governance.Node.Doctor;

/// <summary>What checks ask of addresses and ports.</summary>
internal static class Sockets
{
    /// <summary>Addresses of a name; empty when it does not resolve.</summary>
    internal static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        try { return IPAddress.TryParse(host, out var address) ? [address] : await Dns.GetHostAddressesAsync(host, cancel); }
        catch (Exception e) when (e is SocketException or ArgumentException) { return []; }
    }

    /// <summary>Why nothing can listen there; null when something can. Holds the port no longer than the call.</summary>
    internal static SocketError? WhyNotListening(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return null;
        }
        catch (SocketException e) { return e.SocketErrorCode; }
    }

    /// <summary>Whether a port can be had on an address, as a finding.</summary>
    /// <param name="option">The option that chooses the port.</param>
    internal static Finding Listening(string name, IPAddress address, int port, string option) => WhyNotListening(address, port) switch
    {
        null => Finding.Ok(name, port == 0 ? $"{address}: any free port" : $"{new IPEndPoint(address, port)} is free"),
        SocketError.AddressAlreadyInUse => Finding.Fail(name, $"port {port} is taken on {address} by another process", $"find it with: ss -ltnp 'sport = :{port}'; stop it, or choose another port with {option}"),
        SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => Finding.Fail(name, $"{address} is no address of this machine", "--listen: one of the addresses that `ip address` shows, or 0.0.0.0 for all"),
        SocketError.AccessDenied => Finding.Fail(name, $"port {port} needs privileges that this user has not", $"choose a port from 1024 up with {option}"),
        var error => Finding.Fail(name, $"port {port} on {address}: {error}", $"choose another port with {option}, or another address with --listen"),
    };
}
