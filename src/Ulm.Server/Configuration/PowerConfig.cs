using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Ulm.Libvirt;

namespace Ulm.Server.Configuration;

/// <summary>What switches a host, and how it is to be asked.</summary>
public abstract record PowerConfig
{
    private PowerConfig() { }

    /// <summary>How long an orderly shutdown may take.</summary>
    public TimeSpan ShutdownTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What is done with a host that does not go off in that time: its power is cut, or people are told.</summary>
    public bool CutsPower { get; init; } = true;

    /// <summary>Orderly shutdown over SSH in place of the driver's own.</summary>
    public SshConfig? Ssh { get; init; }

    /// <summary>What no two hosts can have in common; null: nothing.</summary>
    public abstract string? Identity { get; }

    /// <param name="Interface">ipmitool's: <c>lanplus</c> (IPMI 2.0) or <c>lan</c> (1.5).</param>
    /// <param name="Privilege">What the account is to be allowed in a session, <c>administrator</c> or <c>operator</c>: a BMC refuses more than the account may.</param>
    public sealed record Ipmi(string Address, int Port, string Interface, string User, string Privilege, SecretSource Password) : PowerConfig
    {
        /// <summary>Of <c>lanplus</c>, by its number in IPMI 2.0; null: the one that ipmitool and the BMC agree on.</summary>
        public int? CipherSuite { get; init; }

        public override string? Identity => Address.Length == 0 ? null : $"{Address}:{Port}";
    }

    /// <param name="System">Path of the ComputerSystem; null: the only one there is.</param>
    /// <param name="Trust">Null: as this machine trusts.</param>
    public sealed record Redfish(Uri Address, string? System, string User, SecretSource Password, RedfishTrust? Trust) : PowerConfig
    {
        public override string? Identity => $"{Address.Authority}{System}";
    }

    public sealed record WakeOnLan(WakeConfig Wake) : PowerConfig
    {
        public override string? Identity => Wake.MacText;
    }

    /// <param name="Agent">Its name, or its absolute path.</param>
    /// <param name="Options">Lines for its standard input, without the password.</param>
    public sealed record Fence(string Agent, ImmutableSortedDictionary<string, string> Options, SecretSource? Password) : PowerConfig
    {
        public override string? Identity => $"{Path.GetFileName(Agent)} {string.Join(" ", Options.Select(o => $"{o.Key}={o.Value}"))}";
    }

    /// <param name="WakeAfter">The host's clock wakes it then at the latest.</param>
    /// <param name="Wake">Null: its clock alone wakes it.</param>
    public sealed record NodeSuspend(NodeSuspendTarget Target, TimeSpan WakeAfter, WakeConfig? Wake) : PowerConfig
    {
        public override string? Identity => Wake?.MacText;
    }

    public sealed record Hook(ImmutableArray<string> Command, TimeSpan TimeLimit) : PowerConfig
    {
        public override string? Identity => null;
    }
}

/// <summary>Where a password is; the password itself is never part of a configuration.</summary>
public abstract record SecretSource
{
    private SecretSource() { }

    /// <summary>Only its owner may be able to read it.</summary>
    public sealed record InFile(string Path) : SecretSource;

    /// <summary>systemd's: a file in <c>$CREDENTIALS_DIRECTORY</c>.</summary>
    public sealed record Credential(string Name) : SecretSource;
}

public abstract record RedfishTrust
{
    private RedfishTrust() { }

    /// <summary>PEM file of the authorities that the BMC's certificate may come from.</summary>
    public sealed record Authority(string File) : RedfishTrust;

    /// <summary>SHA-256 of the BMC's certificate, hexadecimal, capital letters.</summary>
    public sealed record Pinned(string Fingerprint) : RedfishTrust;
}

/// <summary>How a network card is woken.</summary>
/// <param name="Interface">Of this machine; null: as its routes say.</param>
public sealed record WakeConfig(PhysicalAddress Mac, IPAddress Broadcast, int Port, string? Interface)
{
    /// <summary><c>52:54:00:12:34:56</c></summary>
    public string MacText => string.Join(':', Mac.GetAddressBytes().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}

/// <param name="Command">What the host's own shell is given.</param>
public sealed record SshConfig(string Address, int Port, string User, string Key, string KnownHosts, string Command);
