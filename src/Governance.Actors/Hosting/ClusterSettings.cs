using Governance.Storage;

namespace Governance.Actors.Hosting;

/// <summary>What a node does.</summary>
public static class NodeRoles
{
    /// <summary>Entities live here.</summary>
    public const string Engine = "engine";
    /// <summary>Gateways, apps and operators connect here.</summary>
    public const string Edge = "edge";

    public static readonly IReadOnlyList<string> All = [Engine, Edge];
}

/// <summary>A node's place among others.</summary>
/// <param name="Host">Name or address under which other nodes reach this one; also what it binds to when it is an address of this machine.</param>
/// <param name="Port">Port of node-to-node traffic; 0 takes a free one.</param>
/// <param name="Founders">host:port of the nodes that may found a cluster; empty: any may.</param>
/// <param name="Directory">Where nodes find each other; null: this node is alone and its own cluster.</param>
public sealed record ClusterSettings(string Host, int Port, IReadOnlyList<string> Roles, IReadOnlyList<string> Founders, INodeDirectory? Directory)
{
    public static readonly ClusterSettings Alone = new("127.0.0.1", 0, NodeRoles.All, [], null);
}

/// <summary>Why a node must not go on. Whatever supervises it starts it anew, as a member without a past.</summary>
public interface INodeFate
{
    /// <summary>Ends the process soon; the first reason counts.</summary>
    void End(string why);
}
