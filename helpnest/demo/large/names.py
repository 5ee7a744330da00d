"""Names of people, drawn by chance: the same ones each time."""

import random
import unicodedata
from collections.abc import Iterator
from typing import Final

FIRST: Final = """
Abel Ada Adil Agnes Aiko Alba Alma Amara Amir Anders Anika Anton Arda Astrid
Aylin Bao Beata Ben Bianca Bjarne Bruno Camila Carl Carmen Cem Chiara Clara
Dalia Dario David Deniz Diego Dina Dora Edda Edgar Elena Elif Elio Emil Emma
Enzo Erik Esra Eva Fabio Farah Felix Femi Filip Finn Flora Frida Gael Gina Greta
Hana Hanna Hasan Helge Hugo Ida Igor Ilse Imani Ines Ingrid Irma Isak Ivan Jana
Jens Joana Jonas Joris Julia Kaan Karin Keiko Kemal Kira Kofi Lara Lars Laszlo
Lea Leila Leon Lina Lorena Luca Lucia Lukas Mads Maja Malik Marek Maria Marta
Mateo Maya Mei Milan Milos Mina Mira Nadia Nils Nina Noor Nuno Olga Omar Oskar
Paolo Paula Petra Piotr Priya Rafael Rana Rania Rosa Ruben Ruth Sami Sara Selma
Sergio Silas Simon Sofia Sven Tamar Tarek Thea Theo Tilda Tomas Uma Vera Viktor
Walid Wanda Yara Yusuf Zeno Zita Zoe
"""

LAST: Final = """
Aalto Abebe Adler Aksoy Albers Almeida Andersen Antonov Arslan Bakker Balogh
Barbosa Bauer Beck Bellini Berger Bianchi Blanc Bosch Brandt Braun Brunner Bruun
Bukowski Cabral Carlsen Castro Cerny Chen Colombo Conti Costa Cruz Dahl Damico
Deligny Demir Dietz Dolezal Dubois Duarte Eberl Eide Ekberg Engel Erdem Esposito
Fabre Faria Ferrari Fischer Fontaine Forsberg Franke Gallo Garcia Georgiou Gomez
Graf Greco Gruber Gunnar Haas Hagen Haidari Hansen Harju Hartmann Heinz Herrera
Hoffmann Holm Horvat Huber Ibrahim Ivanova Jansen Jokinen Jensen Kaiser Kaplan
Karlsson Kaur Keller Khalil Klein Koch Kovacs Krause Kumar Lang Larsen Lehmann
Leroy Lind Lopes Lorenz Lund Maes Marino Martins Mazur Meier Mendes Meyer Moreau
Moretti Nagy Nakamura Neri Neumann Nguyen Nilsen Novak Nowak Okafor Olsen Onal
Ortega Ozturk Palma Papadakis Park Pavlov Pereira Petrov Pires Popescu Ramos
Reyes Ricci Rojas Romano Roth Ruiz Rusu Sandberg Santos Sato Schmid Schuster
Silva Simic Singh Solberg Sorensen Steiner Strand Suzuki Svoboda Szabo Tanaka
Teixeira Toth Tran Ueda Vargas Vidal Virtanen Vogel Wagner Walter Weber Weiss
Winter Wolf Yilmaz Zeller Ziegler
"""


def people_named(count: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Draw names with an address each: no address comes twice.

    >>> drawn = list(people_named(3, random.Random(1)))
    >>> len({address for _, address in drawn})
    3
    """
    firsts, lasts = FIRST.split(), LAST.split()
    taken: dict[str, int] = {}
    for _ in range(count):
        first, last = chance.choice(firsts), chance.choice(lasts)
        address = plain(f"{first}.{last}")
        taken[address] = number = taken.get(address, 0) + 1
        yield f"{first} {last}", address if number == 1 else f"{address}.{number}"


def plain(text: str) -> str:
    """Write a name in small ASCII letters.

    >>> plain("José.Müller")
    'jose.muller'
    """
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore")
    return letters.decode().lower()
