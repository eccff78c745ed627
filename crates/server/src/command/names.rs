//! Names for made-up users.

/// First names.
#[rustfmt::skip]
pub(super) const FIRST: [&str; 100] = [
    "Ada", "Adam", "Agnes", "Aisha", "Alan", "Alba", "Alice", "Amara", "Amir", "Ana", "Anders", "Anna",
    "Anton", "Aria", "Arthur", "Astrid", "Aya", "Beatriz", "Ben", "Carla", "Carlos", "Chiara", "Clara",
    "Daniel", "Daria", "David", "Diego", "Dina", "Edith", "Elena", "Eli", "Elif", "Elsa", "Emil", "Emma",
    "Erik", "Esther", "Eva", "Farah", "Felix", "Fiona", "Frida", "Gabriel", "Grace", "Greta", "Hana",
    "Hannah", "Hugo", "Ibrahim", "Ida", "Ines", "Ingrid", "Iris", "Ivan", "Jack", "Jana", "Jonas", "Jorge",
    "Julia", "Kai", "Karim", "Katja", "Kenji", "Lars", "Laura", "Leila", "Leo", "Lina", "Linus", "Lucia",
    "Luis", "Maja", "Marco", "Maria", "Marta", "Mateo", "Maya", "Mei", "Mila", "Milan", "Mina", "Nadia",
    "Nina", "Noah", "Nora", "Olga", "Oscar", "Otto", "Paul", "Petra", "Rafael", "Rosa", "Ruth", "Samir",
    "Sara", "Sofia", "Tariq", "Theo", "Vera", "Yusuf",
];

/// Last names.
#[rustfmt::skip]
pub(super) const LAST: [&str; 100] = [
    "Abbas", "Ahmed", "Almeida", "Andersson", "Bauer", "Becker", "Bergman", "Bianchi", "Blanc", "Brandt",
    "Brown", "Carter", "Castro", "Chen", "Clark", "Costa", "Cruz", "Davies", "Diaz", "Dubois", "Duran",
    "Eriksen", "Evans", "Falk", "Farouk", "Fischer", "Fontana", "Foster", "Fuchs", "Garcia", "Gomez", "Green",
    "Haas", "Hall", "Hansen", "Haddad", "Hassan", "Hill", "Hoffmann", "Holm", "Horvat", "Ito", "Ivanova",
    "Jansen", "Jensen", "Johnson", "Jones", "Kaya", "Keller", "Khan", "Kim", "King", "Klein", "Kovacs",
    "Krause", "Kumar", "Lang", "Larsen", "Laurent", "Lee", "Lehmann", "Lewis", "Lopez", "Lovelace", "Malik",
    "Marin", "Martin", "Meyer", "Mitchell", "Moreau", "Moretti", "Morgan", "Mori", "Murphy", "Nagy",
    "Nakamura", "Nielsen", "Novak", "Olsen", "Park", "Patel", "Pereira", "Petrov", "Ramos", "Reyes", "Ricci",
    "Rossi", "Roth", "Santos", "Sato", "Schmidt", "Silva", "Singh", "Smith", "Tanaka", "Taylor", "Turner",
    "Vogel", "Walker", "Wang",
];
