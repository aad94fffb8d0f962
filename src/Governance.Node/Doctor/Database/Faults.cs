using System.Net.Sockets;
using Npgsql;

namespace Governance.Node.Doctor.Database;

/// <summary>What to do about an error of the database.</summary>
internal static class Faults
{
    internal static string Fix(Exception error, NpgsqlConnectionStringBuilder settings) => Cause(error) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"check Username and Password in the connection string, and pg_hba.conf of the server: may {settings.Username} come from this machine?",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"CREATE DATABASE {settings.Database} OWNER {settings.Username}; or name another with Database= in the connection string",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => "raise max_connections of the server, or end what holds its connections (SELECT * FROM pg_stat_activity)",
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } => "the server is starting or stopping: wait, then run the doctor again",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "free space on the disk of the database; until then the nodes acknowledge nothing, afterwards they go on by themselves",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => $"let {settings.Username} own the database, or grant what is missing",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => $"is PostgreSQL running on {Address(settings)}? Check Host and Port, and listen_addresses of the server",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => $"'{settings.Host}' does not resolve: check Host in the connection string, and DNS",
        TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable } =>
            $"{Address(settings)} does not answer: check Host and Port, the network, and firewalls between",
        _ => "try the same connection string with psql on this machine; the server's log says more",
    };

    internal static string Address(NpgsqlConnectionStringBuilder settings) => settings.Host is { } host && host.Contains(',') ? host : $"{settings.Host}:{settings.Port}";

    /// <summary>What an exception says, with what lies below it.</summary>
    internal static string Message(Exception error) => Cause(error) is var cause && cause != error && !error.Message.Contains(cause.Message, StringComparison.Ordinal) 
        ? $"{error.Message.Replace(" Check inner exception for more details", "", StringComparison.Ordinal).TrimEnd('.')}: {cause.Message}" : error.Message;

    /// <summary>What the server, the network or the clock said; drivers wrap it, once per host.</summary>
    private static Exception Cause(Exception error) => Below(error).FirstOrDefault(e => e is PostgresException or SocketException or TimeoutException) ?? error;

    private static IEnumerable<Exception> Below(Exception error)
    {
        yield return error;
        var inner = error is AggregateException many ? many.InnerExceptions : error.InnerException is { } one ? [one] : Enumerable.Empty<Exception>();
        foreach (var below in inner.SelectMany(Below)) yield return below;
    }
}
