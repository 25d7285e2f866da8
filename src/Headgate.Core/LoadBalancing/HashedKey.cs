using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>Where the key of a request falls, for explaining.</summary>
/// <param name="Text">What is hashed, as UTF-8 text.</param>
/// <param name="Hash">Its CRC-32.</param>
/// <param name="Position">Which point of the ring, or entry of the table, it falls on; from 0.</param>
/// <param name="Positions">How many there are.</param>
/// <param name="Node">The node that has this position, whether or not it may be picked now.</param>
public sealed record HashedKey(string Text, uint Hash, int Position, int Positions, NodeSnapshot Node);
